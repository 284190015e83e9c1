#include "app/demo/demo.hpp"

#include "app/demo/player.hpp"

#include <algorithm>
#include <ostream>

namespace recoup::demo {
namespace {

std::string start_id(PlanOptions const& options) { return run_name(options) + "-start"; }

std::string keeper_of(PlanOptions const& options) { return run_name(options) + "@store.example"; }

/// An event of its own says when the story began, so that a later process can tell it again from the same hour.
Result<Instant> announced_start(Daemon const& daemon, PlanOptions const& options) {
    auto const events = daemon.list("events", "email=" + percent_encode(keeper_of(options)));
    if (!events) return events.error();
    for (auto const& event : *events)
        if (event.value("id", std::string{}).ends_with(start_id(options)))
            return parse_rfc3339(event.value("occurred_at", std::string{}));
    return never;
}

Result<void> announce_start(Daemon const& daemon, PlanOptions const& options, Instant now) {
    nlohmann::json const body = {{"type", "customer.updated"},
                                 {"timestamp", to_rfc3339(now)},
                                 {"data", {{"customer", {{"email", keeper_of(options)}, {"first_name", "Store"}}}}}};
    auto const call = event_call(daemon.store(), start_id(options), body.dump(), now);
    if (!call) return call.error();
    auto const answer = daemon.deliver(*call);
    if (!answer) return answer.error();
    if (answer->status / 100 != 2)
        return error(Errc::invalid, "the daemon refused the first event with " + std::to_string(answer->status) + ": " +
                                        answer->body.substr(0, 300));
    return {};
}

Result<Instant> start_of(Daemon const& daemon, PlanOptions const& options, Instant now, std::ostream& talk) {
    auto const announced = announced_start(daemon, options);
    if (!announced) return announced.error();
    if (*announced != never) {
        talk << "demo: going on with the run that began at " << to_rfc3339(*announced) << '\n';
        return *announced;
    }
    if (auto const done = announce_start(daemon, options, now); !done) return done.error();
    return now;
}

}  // namespace

Result<Report> play(Options const& options, HttpClient& client, std::ostream& talk) {
    Daemon const daemon{options.access, client};
    auto const now = daemon.now();
    if (!now) return now.error();
    auto const start = start_of(daemon, options.plan, *now, talk);
    if (!start) return start.error();
    auto const plan = plan_demo(options.plan, *start);
    talk << "demo: " << plan.shoppers.size() << " carts, " << plan.actions.size() << " actions over " << options.plan.hours
         << " hours from " << to_rfc3339(*start) << '\n';

    Player player{plan, daemon, talk};
    if (auto const played = player.run(*now); !played) return played.error();
    auto const evidence = collect_evidence(daemon, plan);
    if (!evidence) return evidence.error();
    auto report = make_report(plan, options.plan.seed, *evidence);
    report.checks.push_back(player.links_check());
    return report;
}

}  // namespace recoup::demo
