#include "app/cli/commands.hpp"
#include "app/cli/version.hpp"
#include "app/daemon/daemon.hpp"
#include "app/daemon/signals.hpp"
#include "app/log.hpp"

#include <spdlog/spdlog.h>

#include <iostream>

namespace recoup::app {

int run_serve(ServeOptions const& options, Context& context) {
    auto settings = settings_of(context);
    if (!settings) return fail(context, settings.error());
    if (settings->text("clock.mode") == "manual")
        return fail(context, error(Errc::configuration, "clock.mode = manual is for `recoup dev` only"));
    if (settings->text("database.url").empty())
        return fail(context, error(Errc::configuration,
                                   "database.url is empty; set RECOUP_DATABASE__URL_FILE, or try `recoup dev`, which needs none"));
    block_signals();
    set_up_logging(settings->text("logging.level"),
                   settings->text("logging.format") == "json" ? LogFormat::json : LogFormat::text);

    SystemClock clock;
    SystemRandom random;
    DaemonOptions daemon_options;
    daemon_options.settings = *settings;
    daemon_options.roles = options.roles;
    daemon_options.version = version();
    auto daemon = Daemon::make(std::move(daemon_options), clock, random);
    if (!daemon) return fail(context, daemon.error());
    if (auto started = (*daemon)->start(); !started) return fail(context, started.error());
    spdlog::info("ready public={} admin={}", (*daemon)->public_address(), (*daemon)->admin_address());

    wait_for_stop([&] {
        auto fresh = settings_of(context);
        auto done = fresh ? (*daemon)->reload(*fresh) : Result<void>(fresh.error());
        if (!done) {
            spdlog::error("reload refused, the old configuration stays: {}", done.error().message);
            return;
        }
        set_log_level(fresh->text("logging.level"));
        spdlog::info("configuration reloaded");
    });
    spdlog::info("stopping: draining requests, then the event log, then the loops");
    (*daemon)->stop(Millis{10'000});
    return exit_ok;
}

}  // namespace recoup::app
