#include "app/cli/cli.hpp"

#include "app/cli/commands.hpp"
#include "app/config/keys.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sstream>

namespace recoup::app {
namespace {

class FixedAnswer final : public HttpClient {
public:
    FixedAnswer(HttpAnswer answer, std::string& asked) : answer_(std::move(answer)), asked_(asked) {}
    HttpAnswer send(HttpCall const& call) override {
        asked_ = call.method + " " + call.url;
        return answer_;
    }

private:
    HttpAnswer answer_;
    std::string& asked_;
};

class Cli : public testing::Test {
protected:
    int run(std::vector<std::string> arguments, std::function<void(CLI::App&, Context&)> const& add = add_verbs) {
        out.str("");
        err.str("");
        context.options = {};
        context.run = nullptr;
        return run_cli(std::move(arguments), context, add);
    }
    template <class Options>
    Verb<Options> keep(Options& into) {
        return [&into](Options const& options, Context&) {
            into = options;
            return 0;
        };
    }

    std::ostringstream out, err;
    Context context{.out = out, .err = err, .environment = {{"HOME", "/nonexistent"}}, .keys = core_keys()};
};

TEST_F(Cli, AnUnknownVerbNamesTheNearestAndExitsWithUsage) {
    EXPECT_EQ(run({"confg"}), exit_usage);
    EXPECT_EQ(
        err.str(),
        "recoup: unknown command \"confg\"; did you mean `recoup config`?\nRun `recoup --help` for what there is.\n");
    EXPECT_EQ(run({"config", "chek"}), exit_usage);
    EXPECT_NE(err.str().find("did you mean `recoup config check`?"), std::string::npos) << err.str();
    EXPECT_EQ(out.str(), "");
}

TEST_F(Cli, MissingVerbsAndWrongOptionsAreUsageMistakes) {
    EXPECT_EQ(run({}), exit_usage);
    EXPECT_EQ(run({"config"}), exit_usage);
    EXPECT_EQ(run({"version", "--outptu", "json"}), exit_usage);
    EXPECT_EQ(run({"version", "--output", "xml"}), exit_usage);
    EXPECT_NE(err.str().find("Run `recoup version --help`"), std::string::npos) << err.str();
}

TEST_F(Cli, HelpGoesToTheDataStream) {
    EXPECT_EQ(run({"--help"}), exit_ok);
    EXPECT_NE(out.str().find("healthcheck"), std::string::npos);
    EXPECT_EQ(run({"config", "show", "--help"}), exit_ok);
    EXPECT_NE(out.str().find("--sources"), std::string::npos);
    EXPECT_NE(out.str().find("recoup config show"), std::string::npos) << out.str();
    EXPECT_EQ(err.str(), "");
}

TEST_F(Cli, GlobalOptionsStandBeforeOrBehindTheVerb) {
    EXPECT_EQ(run({"--output", "json", "version"}), exit_ok);
    EXPECT_TRUE(nlohmann::json::parse(out.str()).contains("compiler"));
    EXPECT_EQ(run({"version", "-o", "json"}), exit_ok);
    EXPECT_TRUE(nlohmann::json::parse(out.str()).contains("commit"));
}

TEST_F(Cli, ConfigShowTellsOriginsAndNoSecret) {
    context.environment["RECOUP_ADMIN__TOKEN"] = "hunter2";
    EXPECT_EQ(run({"config", "show", "--sources", "--set", "log.kind=kafka", "--output", "json"}), exit_ok);
    EXPECT_EQ(out.str().find("hunter2"), std::string::npos);
    auto const rows = nlohmann::json::parse(out.str());
    std::map<std::string, nlohmann::json> by_key;
    for (auto const& row : rows) by_key[row["key"]] = row;
    EXPECT_EQ(by_key["admin.token"]["value"], "[redacted]");
    EXPECT_EQ(by_key["admin.token"]["source"], "RECOUP_ADMIN__TOKEN");
    EXPECT_EQ(by_key["log.kind"]["value"], "kafka");
    EXPECT_EQ(by_key["log.kind"]["source"], "flag");
    EXPECT_EQ(by_key.size(), core_keys().size());
}

TEST_F(Cli, WrongConfigurationExitsWith78AndOneLineForEachMistake) {
    EXPECT_EQ(run({"config", "check", "--set", "log.kind=x", "--set", "nope=1"}), exit_configuration);
    EXPECT_EQ(err.str(),
              "recoup: flag: log.kind: \"x\" is not one of postgres, kafka\n"
              "recoup: flag: unknown key \"nope\"; `recoup config show` lists all keys\n");
    EXPECT_EQ(run({"config", "check", "--config", "/nonexistent.toml"}), exit_configuration);
    EXPECT_EQ(run({"config", "check"}), exit_ok);
}

TEST_F(Cli, HealthcheckAsksReadyzOfTheConfiguredListener) {
    std::string asked;
    HttpAnswer answer;
    context.http_client = [&] { return std::make_unique<FixedAnswer>(answer, asked); };
    answer.failure = "connection refused";
    EXPECT_EQ(run({"healthcheck", "--set", "admin.address=0.0.0.0:9"}), exit_failure);
    EXPECT_EQ(asked, "GET http://127.0.0.1:9/readyz");
    EXPECT_NE(out.str().find("connection refused"), std::string::npos);
    answer.kind = HttpAnswer::Kind::answered;
    answer.status = 503;
    EXPECT_EQ(run({"healthcheck", "http://h:1/"}), exit_failure);
    answer.status = 200;
    EXPECT_EQ(run({"healthcheck", "http://h:1/"}), exit_ok);
    EXPECT_EQ(asked, "GET http://h:1/readyz");
}

TEST_F(Cli, DevFlagsBecomeKeysThatWinOverEverything) {
    DevOptions got;
    auto const add = [&](CLI::App& app, Context& c) { add_dev(app, c, keep(got)); };
    context.environment["RECOUP_PUBLIC__ADDRESS"] = "1.2.3.4:5";
    EXPECT_EQ(run({"dev",    "--public", "127.0.0.1:0",     "--clock", "manual", "--start", "2026-03-02T10:00:00Z",
                   "--log",  "kafka",    "--kafka-brokers", "a:1,b:2", "--demo", "--carts", "40",
                   "--seed", "7",        "--once",          "--data",  "/d",     "-o",      "json"},
                  add),
              0)
        << err.str();
    EXPECT_EQ(got.data_dir, "/d");
    EXPECT_TRUE(got.demo && got.once && context.json());
    EXPECT_EQ(got.carts, 40);
    EXPECT_EQ(got.seed, 7u);
    auto const settings = settings_of(context, got.flags);
    ASSERT_TRUE(settings.has_value()) << settings.error().message;
    EXPECT_EQ(settings->text("public.address"), "127.0.0.1:0");
    EXPECT_EQ(settings->text("clock.mode"), "manual");
    EXPECT_EQ(settings->list("kafka.brokers").size(), 2u);
    EXPECT_EQ(run({"dev", "--once"}, add), exit_usage);
    EXPECT_EQ(run({"dev"}, add), 0);
    EXPECT_EQ(got.data_dir, "/nonexistent/.local/state/recoup");
}

TEST_F(Cli, RolesAreNamedOneByOne) {
    ServeOptions got;
    auto const add = [&](CLI::App& app, Context& c) { add_serve(app, c, keep(got)); };
    EXPECT_EQ(run({"serve"}, add), 0);
    EXPECT_TRUE(got.roles.ingest && got.roles.track && got.roles.deliver && got.roles.api);
    EXPECT_EQ(run({"serve", "--roles", "ingest,api"}, add), 0);
    EXPECT_TRUE(got.roles.ingest && got.roles.api);
    EXPECT_FALSE(got.roles.track || got.roles.deliver);
    EXPECT_EQ(run({"serve", "--roles", "ingest,cook"}, add), exit_usage);
    EXPECT_NE(err.str().find("cook"), std::string::npos);
}

TEST_F(Cli, WhyWantsExactlyOneSubject) {
    WhyOptions got;
    auto const add = [&](CLI::App& app, Context& c) { add_why(app, c, keep(got)); };
    EXPECT_EQ(run({"why", "--email", "a@example.com"}, add), 0);
    EXPECT_EQ(got.email, "a@example.com");
    EXPECT_EQ(run({"why"}, add), exit_usage);
    EXPECT_EQ(run({"why", "--email", "a@example.com", "--message", "m"}, add), exit_usage);
}

TEST_F(Cli, TheRemainingVerbsParse) {
    ShopAddOptions shop;
    ShopSetOptions change;
    ShopKeyOptions key;
    ShopOriginsOptions origins;
    ShopSecretOptions secret;
    SequenceOptions sequence;
    SimulateOptions simulate;
    LawOptions law;
    MigrateOptions migrate;
    ModelOptions model;
    TriggerOptions trigger;
    DemoOptions demo;
    auto const add = [&](CLI::App& app, Context& c) {
        add_shop(
            app, c, {keep(shop), keep(change), [](ShopListOptions const&, Context&) { return 0; }, keep(secret), keep(key), keep(origins)});
        add_sequence(app, c, keep(sequence), keep(simulate));
        add_law(app, c, keep(law));
        add_migrate(app, c, keep(migrate));
        add_model(app, c, keep(model));
        add_trigger(app, c, keep(trigger));
        add_demo(app, c, keep(demo));
    };
    EXPECT_EQ(run({"shop", "add", "tea", "--domain", "tea.example"}, add), 0);
    EXPECT_EQ(shop.id, "tea");
    EXPECT_EQ(run({"shop", "set", "tea", "--postal-address", "1 Main Street"}, add), 0);
    EXPECT_EQ(change.postal_address, "1 Main Street");
    EXPECT_EQ(change.country, std::nullopt);
    EXPECT_EQ(run({"shop", "list"}, add), 0);
    EXPECT_EQ(run({"shop", "secret", "tea", "events", "--kind", "bearer", "--from-file", "-"}, add), 0);
    EXPECT_EQ(secret.value_file, "-");
    EXPECT_EQ(run({"sequence", "apply", "a.json", "b.json", "--shop", "tea"}, add), 0);
    EXPECT_EQ(sequence.files.size(), 2u);
    EXPECT_EQ(sequence.action, SequenceOptions::Action::apply);
    EXPECT_EQ(run({"sequence", "simulate", "--clicked", "reminder", "--items", "3"}, add), 0);
    EXPECT_EQ(simulate.clicked, std::vector<std::string>{"reminder"});
    EXPECT_EQ(run({"sequence", "simulate", "--items", "0"}, add), exit_usage);
    EXPECT_EQ(run({"law", "show", "--country", "US", "--region", "FL", "--channel", "sms"}, add), 0);
    EXPECT_EQ(law.region, "FL");
    EXPECT_EQ(run({"law", "check"}, add), exit_usage);
    EXPECT_EQ(run({"law", "check", "us.toml"}, add), 0);
    EXPECT_EQ(law.action, LawOptions::Action::check);
    EXPECT_EQ(run({"migrate", "up"}, add), 0);
    EXPECT_EQ(migrate.action, MigrateOptions::Action::up);
    EXPECT_EQ(run({"model", "train", "--out", "m.json", "--seed", "3"}, add), 0);
    EXPECT_EQ(model.action, ModelOptions::Action::train);
    EXPECT_EQ(run({"trigger", "checkout_abandoned", "--email", "a@example.com"}, add), 0);
    EXPECT_EQ(trigger.event, "checkout_abandoned");
    EXPECT_EQ(run({"demo", "--carts", "0"}, add), exit_usage);
}

}  // namespace
}  // namespace recoup::app
