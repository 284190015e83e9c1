// `recoup dev`: a private Postgres and everything else on loopback, with nothing to configure.
#include "adapter/http_client/curl_client.hpp"
#include "adapter/postgres/migrator.hpp"
#include "app/cli/commands.hpp"
#include "app/cli/version.hpp"
#include "app/daemon/daemon.hpp"
#include "app/daemon/signals.hpp"
#include "app/daemon/state_file.hpp"
#include "app/demo/demo.hpp"
#include "app/dev/dev_shop.hpp"
#include "app/dev/private_postgres.hpp"
#include "app/log.hpp"
#include "app/commands/database.hpp"
#include "app/templates.hpp"

#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include <iomanip>
#include <iostream>
#include <thread>

namespace recoup::app {
namespace {

/// The lines that tell a newcomer what happened, each with its time.
class Transcript {
public:
    Transcript(Context& context, Clock const& clock)
        : out_(context.err), quiet_(context.json()), clock_(clock), began_(clock.ticks()), last_(began_) {}

    void headline(std::string const& text) {
        if (!quiet_) out_ << text << "\n" << std::flush;
    }
    void step(std::string const& what, std::string const& text) {
        auto const now = clock_.ticks();
        if (!quiet_) {
            out_ << "  \u2713 " << std::left << std::setw(12) << what << text;
            if (now - last_ > std::chrono::milliseconds{50}) out_ << "  " << seconds(now - last_);
            out_ << "\n" << std::flush;
        }
        last_ = now;
    }
    std::string total() const { return seconds(clock_.ticks() - began_); }

private:
    static std::string seconds(std::chrono::nanoseconds span) {
        auto const tenths = span.count() / 100'000'000;
        return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + "s";
    }

    std::ostream& out_;
    bool quiet_;
    Clock const& clock_;
    std::chrono::nanoseconds began_, last_;
};

struct Running {
    SystemRandom random;
    SystemClock system;
    std::unique_ptr<ManualClock> manual;
    std::optional<PrivatePostgres> postgres;
    std::string database_url, admin_token;
    ShopVoice shop;
    std::unique_ptr<Daemon> daemon;

    Clock& clock() { return manual ? static_cast<Clock&>(*manual) : system; }
};

Result<void> start_postgres(Running& running, Settings& settings, std::filesystem::path const& data_dir, Transcript& say) {
    if (!settings.text("database.url").empty()) {
        running.database_url = settings.text("database.url");
        say.step("postgres", "as database.url says");
        return {};
    }
    PrivatePostgres::Options options;
    options.data_dir = data_dir / "pg";
    auto started = PrivatePostgres::start(options);
    if (!started) return started.error();
    running.postgres.emplace(std::move(*started));
    running.database_url = running.postgres->connection_string();
    settings.set("database.url", Settings::Value{ConfigType::text, running.database_url, "dev"});
    say.step("postgres", (running.postgres->adopted() ? "adopted the one still running in " : "private cluster started in ") +
                             options.data_dir.string() + "  (socket, no TCP)");
    return {};
}

Result<void> migrate(Running& running, Transcript& say) {
    postgres::Connection session(postgres::ConnectionOptions{running.database_url, "recoup migrate"});
    auto const applied = postgres::migrate_up(session, running.system.now());
    if (!applied) return applied.error();
    auto const all = postgres::all_migrations().size();
    say.step("migrations", *applied == 0 ? "up to date (" + std::to_string(all) + ")"
                                         : std::to_string(*applied) + " of " + std::to_string(all) + " applied");
    return {};
}

/// A manual clock goes on where it stood; --start counts the first time only.
Result<void> set_clock(Running& running, Settings const& settings, postgres::ShopStore& facts) {
    if (settings.text("clock.mode") != "manual") return {};
    Instant start = running.system.now();
    if (auto const& text = settings.text("clock.start"); !text.empty()) {
        auto const parsed = parse_rfc3339(text);
        if (!parsed) return error(Errc::configuration, "clock.start: " + parsed.error().message);
        start = *parsed;
    }
    auto const kept = facts.fact_or("clock", to_rfc3339(start));
    if (!kept) return kept.error();
    auto const at = parse_rfc3339(*kept);
    if (!at) return error(Errc::configuration, "the stored manual clock is not a time: " + *kept);
    running.manual = std::make_unique<ManualClock>(*at);
    return {};
}

Result<void> make_shop(Running& running, Settings& settings, Transcript& say) {
    postgres::Pool pool(postgres::ConnectionOptions{running.database_url, "recoup dev"}, 1);
    postgres::ShopStore shops(pool);
    if (auto set = set_clock(running, settings, shops); !set) return set;
    auto const now = running.clock().now();
    auto shop = dev_shop(shops, running.random, now);
    if (!shop) return shop.error();
    running.shop = *shop;
    auto const templates = FileTemplates::load(settings.text("templates.dir"));
    if (!templates) return templates.error();
    auto const exists = [&](std::string_view name, Channel channel) { return templates->exists(name, channel); };
    auto const sequences = sequences_of(settings.text("sequences.dir"), exists);
    if (!sequences) return sequences.error();
    std::string applied;
    for (auto const& sequence : *sequences) {
        auto const version = shops.apply_sequence(running.shop.id, sequence, now);
        if (!version) return version.error();
        applied += (applied.empty() ? "" : ", ") + sequence.name + " v" + std::to_string(*version);
    }
    running.admin_token = settings.text("admin.token");
    if (running.admin_token.empty()) {
        Bytes bytes(24);
        running.random.fill(bytes);
        auto const kept = shops.fact_or("admin_token", to_base64url(bytes));
        if (!kept) return kept.error();
        running.admin_token = *kept;
        settings.set("admin.token", Settings::Value{ConfigType::text, running.admin_token, "dev"});
    }
    say.step("shop", running.shop.id + " (" + running.shop.domain + "), sequences " + applied);
    return {};
}

DaemonState state_of(Running const& running) {
    DaemonState state;
    state.public_url = running.daemon->public_url();
    state.admin_url = "http://" + running.daemon->admin_address();
    state.admin_token = running.admin_token;
    state.shop = running.shop.id;
    state.shop_domain = running.shop.domain;
    state.shopify_secret = running.shop.shopify_secret;
    state.events_secret = running.shop.events_secret;
    state.pixel_key = running.shop.pixel_key;
    state.database_url = running.database_url;
    return state;
}

void print_ready(Context& context, DaemonState const& state, Transcript const& say, std::string const& data_dir, bool captured) {
    if (context.json()) {
        nlohmann::ordered_json line{{"event", "ready"},         {"public", state.public_url},
                                    {"admin", state.admin_url}, {"admin_token", state.admin_token},
                                    {"shop", state.shop},       {"shop_domain", state.shop_domain}};
        line["secrets"] = {{"shopify", state.shopify_secret}, {"events", state.events_secret}, {"pixel", state.pixel_key}};
        context.out << line.dump() << "\n" << std::flush;
        return;
    }
    context.err << "  Webhooks   POST " << state.public_url << "/webhooks/" << state.shop << "/{shopify|events|pixel}\n"
                << "             shopify secret  " << state.shopify_secret << "\n"
                << "             events secret   " << state.events_secret << "\n"
                << "             pixel write key " << state.pixel_key << "\n"
                << "  Admin API  " << state.admin_url << "/v1/openapi.json   token " << state.admin_token << "\n"
                << "  Try next   recoup trigger checkout_abandoned --email you@example.com\n"
                << "             recoup why --email you@example.com\n"
                << "             recoup dev --demo --data /tmp/recoup-demo   a simulated store, 300 carts over 72 hours\n"
                << (captured ? "" : "  Careful    a channel is configured to send for real\n") << "Ready in " << say.total()
                << " (Ctrl-C stops; data kept in " << data_dir << ")\n"
                << std::flush;
}

bool all_captured(Settings const& settings) {
    for (auto const* key : {"channel.email", "channel.sms", "channel.push", "channel.ads"})
        if (settings.text(key) != "capture") return false;
    return true;
}

int play_demo(DevOptions const& options, Context& context, DaemonState const& state) {
    demo::Options play;
    play.access.store = demo::Store{state.public_url,     state.shop,          state.shop_domain,
                                    state.shopify_secret, state.events_secret, state.pixel_key};
    play.access.admin_url = state.admin_url;
    play.access.admin_token = state.admin_token;
    play.access.patience = std::chrono::seconds{2};   // the daemon is this process
    play.plan.seed = options.seed;
    play.plan.carts = static_cast<int>(options.carts);
    http::CurlClient client;
    auto report = demo::play(play, client, context.err);
    if (!report) return fail(context, report.error());
    if (context.json()) context.out << demo::to_json(*report).dump() << "\n" << std::flush;
    else demo::print(*report, context.out);
    return report->kept() ? exit_ok : exit_failure;
}

}  // namespace

int run_dev(DevOptions const& options, Context& context) {
    auto flags = options.flags;
    if (options.demo) flags.insert(flags.begin(), "clock.mode=manual");   // an explicit --clock comes later and wins
    auto settings = settings_of(context, flags);
    if (!settings) return fail(context, settings.error());
    block_signals();
    set_up_logging(settings->text("logging.level"),
                   settings->text("logging.format") == "json" ? LogFormat::json : LogFormat::text);
    Running running;
    Transcript say(context, running.system);
    say.headline(version_line() + "  mode=dev  role=all");
    std::filesystem::path const data_dir = std::filesystem::absolute(options.data_dir);
    std::error_code failure;
    std::filesystem::create_directories(data_dir, failure);
    if (failure) return fail(context, error(Errc::configuration, "cannot make " + data_dir.string() + "; choose another --data"));

    if (settings->text("spool.folder").empty())
        settings->set("spool.folder", Settings::Value{ConfigType::text, (data_dir / "spool").string(), "dev"});
    if (auto done = start_postgres(running, *settings, data_dir, say); !done) return fail(context, done.error());
    if (auto done = migrate(running, say); !done) return fail(context, done.error());
    if (auto done = make_shop(running, *settings, say); !done) return fail(context, done.error());

    DaemonOptions daemon_options;
    daemon_options.settings = *settings;
    daemon_options.create_topics = daemon_options.take_over_leases = true;
    daemon_options.version = version();
    auto daemon = Daemon::make(std::move(daemon_options), running.clock(), running.random);
    if (!daemon) return fail(context, daemon.error());
    running.daemon = std::move(*daemon);
    say.step("model", running.daemon->model_line() + "; mode " + settings->text("risk.mode"));
    bool const captured = all_captured(*settings);
    say.step("outbox", captured ? "email, SMS, push and ads are CAPTURED, nothing leaves this machine"
                                : "email " + settings->text("channel.email") + ", SMS " + settings->text("channel.sms"));
    if (auto started = running.daemon->start(); !started) return fail(context, started.error());
    say.step("listening", "public " + running.daemon->public_address() + ", admin " + running.daemon->admin_address());
    auto const state = state_of(running);
    if (auto kept = write_state(data_dir, state); !kept) return fail(context, kept.error());
    print_ready(context, state, say, data_dir.string(), captured);

    int code = exit_ok;
    std::thread demo;
    if (options.demo)
        demo = std::thread([&] {
            code = play_demo(options, context, state);
            if (options.once) request_stop();
        });
    wait_for_stop([] {});
    running.daemon->stop(Millis{5'000});
    if (demo.joinable()) demo.join();   // gives up soon: nobody answers it any more
    remove_state(data_dir);
    running.daemon.reset();
    if (running.postgres) running.postgres->stop();
    return code;
}

}  // namespace recoup::app
