#include "app/config/load.hpp"

#include "app/config/keys.hpp"
#include "app/config/layers.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

namespace recoup::app {
namespace {

class ConfigLoad : public testing::Test {
protected:
    std::filesystem::path write(std::string const& name, std::string const& text) {
        auto const path = folder_ / name;
        std::ofstream(path, std::ios::binary) << text;
        return path;
    }
    std::string mistake(LoadOptions const& options) {
        auto const settings = load_settings(core_keys(), options);
        if (settings.has_value()) return "no mistake";
        EXPECT_EQ(settings.error().code, Errc::configuration);
        return settings.error().message;
    }
    void SetUp() override {
        folder_ = std::filesystem::path(testing::TempDir()) /
                  ("recoup_config_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
        std::filesystem::create_directories(folder_);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    std::filesystem::path folder_;
};

TEST_F(ConfigLoad, EveryDefaultIsValidAndReadsBackTyped) {
    auto const settings = load_settings(core_keys(), {});
    ASSERT_TRUE(settings.has_value()) << settings.error().message;
    EXPECT_EQ(settings->text("public.address"), "127.0.0.1:8780");
    EXPECT_EQ(settings->duration("track.idle"), Millis{30 * 60 * 1000});
    EXPECT_DOUBLE_EQ(settings->real("measure.holdout_share"), 0.1);
    EXPECT_TRUE(settings->list("kafka.brokers").empty());
    for (auto const& key : core_keys())
        EXPECT_EQ(settings->all().at(std::string(key.name)).origin, "default") << key.name;
}

TEST_F(ConfigLoad, LaterLayersWinAndKeepTheirOrigin) {
    LoadOptions options;
    options.files = {
        write("a.toml", "[public]\naddress = \"1.1.1.1:1\"\nthreads = 2\n[risk]\nthreshold = 1\n"),
        write("b.toml", "public.threads = 3\nmeasure.holdout_share = 0.2\nkafka.brokers = [\"a:1\", \"b:2\"]\n")};
    options.environment = {{"RECOUP_PUBLIC__THREADS", "4"}, {"RECOUP_POLICY__MIN_GAP", "1440m"}, {"PATH", "/bin"}};
    options.overrides = {"policy.min_gap=3d"};
    auto const settings = load_settings(core_keys(), options);
    ASSERT_TRUE(settings.has_value()) << settings.error().message;
    EXPECT_EQ(settings->text("public.address"), "1.1.1.1:1");
    EXPECT_EQ(settings->all().find("public.address")->second.origin, options.files[0].string() + ":2:1");
    EXPECT_EQ(settings->integer("public.threads"), 4);
    EXPECT_EQ(settings->all().find("public.threads")->second.origin, "RECOUP_PUBLIC__THREADS");
    EXPECT_EQ(settings->all().find("policy.min_gap")->second.text, "3d");
    EXPECT_EQ(settings->list("kafka.brokers"), (std::vector<std::string>{"a:1", "b:2"}));
    EXPECT_DOUBLE_EQ(settings->real("risk.threshold"), 1.0);
    EXPECT_DOUBLE_EQ(settings->real("measure.holdout_share"), 0.2);
}

TEST_F(ConfigLoad, AnUnknownKeyNamesItsPlaceAndTheNearestKey) {
    LoadOptions options;
    options.files = {write("c.toml", "[public]\n  adress = \"x:1\"\n")};
    EXPECT_EQ(mistake(options),
              options.files[0].string() + ":2:3: unknown key \"public.adress\"; did you mean \"public.address\"?");
    EXPECT_EQ(mistake({.environment = {{"RECOUP_LOG__KNID", "kafka"}}}),
              "RECOUP_LOG__KNID: unknown variable; did you mean RECOUP_LOG__KIND?");
    EXPECT_EQ(mistake({.overrides = {"log.knd=kafka"}}), "flag: unknown key \"log.knd\"; did you mean \"log.kind\"?");
}

TEST_F(ConfigLoad, SingleUnderscoresAreATypingMistakeButForeignVariablesAreNot) {
    EXPECT_EQ(mistake({.environment = {{"RECOUP_LOG_KIND", "kafka"}}}),
              "RECOUP_LOG_KIND: unknown variable; sections are set off by two underscores: RECOUP_LOG__KIND");
    EXPECT_EQ(mistake({.environment = {{"RECOUP_IMAGE", "1.2"}, {"RECOUP_CONFIG", "/nowhere"}}}), "no mistake");
}

TEST_F(ConfigLoad, AllMistakesAreReportedTogether) {
    LoadOptions options;
    options.files = {write("d.toml",
                           "public.threads = \"2\"\ntrack.idle = 30\nrisk.threshold = 1.5\nlogging.since = 2026-01-01\n"
                           "kafka.brokers = [1]\n")};
    options.environment = {{"RECOUP_LOG__KIND", "files"}, {"RECOUP_ADMIN__TOKEN_FILE", "/nonexistent/token"}};
    options.overrides = {"nonsense", "track.batch=0"};
    auto const text = mistake(options);
    for (auto const* part :
         {":1:8: public.threads must be an integer without quotes", ":2:7: track.idle must be a duration in quotes",
          ":3:6: risk.threshold: \"1.5\" is not a number in the range 0 to 1", ":4:9: logging.since is a date or time",
          ":5:7: kafka.brokers may only list texts",
          "RECOUP_LOG__KIND: log.kind: \"files\" is not one of postgres, kafka",
          "RECOUP_ADMIN__TOKEN_FILE: the file /nonexistent/token cannot be read",
          "--set nonsense: write section.key=value",
          "flag: track.batch: \"0\" is not an integer in the range 1 to 500"})
        EXPECT_NE(text.find(part), std::string::npos) << part << "\nin\n" << text;
}

TEST_F(ConfigLoad, BrokenTomlNamesLineAndColumn) {
    auto const path = write("e.toml", "[public]\naddress = \n");
    EXPECT_EQ(mistake({.files = {path}}).find(path.string() + ":2:"), 0u);
    EXPECT_NE(mistake({.files = {folder_ / "absent.toml"}}).find("cannot be read"), std::string::npos);
}

TEST_F(ConfigLoad, SecretsComeFromFilesWithoutTheirNewlineAndNeverIntoMessages) {
    auto const token = write("token", "s3cret\n");
    auto const settings = load_settings(core_keys(), {.environment = {{"RECOUP_ADMIN__TOKEN_FILE", token.string()}}});
    ASSERT_TRUE(settings.has_value()) << settings.error().message;
    EXPECT_EQ(settings->text("admin.token"), "s3cret");
    EXPECT_NE(mistake({.environment = {{"RECOUP_ADMIN__TOKEN_FILE", token.string()}, {"RECOUP_ADMIN__TOKEN", "x"}}})
                  .find("not both"),
              std::string::npos);
    std::vector<ConfigKey> const keys{
        {.name = "a.pin", .type = ConfigType::integer, .default_value = "1", .help = "A pin.", .secret = true}};
    auto const refused = load_settings(keys, {.overrides = {"a.pin=hunter2"}});
    ASSERT_TRUE(refused.has_error());
    EXPECT_EQ(refused.error().message.find("hunter2"), std::string::npos);
}

TEST_F(ConfigLoad, VariablesInsideFilesAreNotExpanded) {
    auto const path = write("f.toml", "admin.token = \"${HOME}\"\n");
    auto const settings = load_settings(core_keys(), {.files = {path}, .environment = {{"HOME", "/root"}}});
    ASSERT_TRUE(settings.has_value());
    EXPECT_EQ(settings->text("admin.token"), "${HOME}");
}

TEST_F(ConfigLoad, TheNamedFileReplacesTheUsualPlaces) {
    std::filesystem::create_directories(folder_ / "recoup");
    auto const usual = write("recoup/config.toml", "");
    EXPECT_EQ(default_files({{"XDG_CONFIG_HOME", folder_.string()}}), (std::vector<std::filesystem::path>{usual}));
    EXPECT_EQ(default_files({{"RECOUP_CONFIG", "/x.toml"}, {"XDG_CONFIG_HOME", folder_.string()}}),
              (std::vector<std::filesystem::path>{"/x.toml"}));
}

}  // namespace
}  // namespace recoup::app
