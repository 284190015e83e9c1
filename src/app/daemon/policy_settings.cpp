#include "app/daemon/policy_settings.hpp"

namespace recoup::app {
namespace {

core::RiskMode risk_mode(std::string const& text) {
    if (text == "act") return core::RiskMode::act;
    if (text == "watch") return core::RiskMode::watch;
    if (text == "off") return core::RiskMode::off;
    return core::RiskMode::automatic;
}

}  // namespace

Result<core::Policy> policy_from(Settings const& settings) {
    core::Policy policy;
    policy.idle = settings.duration("track.idle");
    policy.value_floor_minor = settings.integer("track.value_floor_minor");
    for (auto const channel : {Channel::email, Channel::sms, Channel::push}) {
        auto const key = "policy.quiet_" + std::string(name(channel));
        auto quiet = core::parse_quiet_hours(settings.text(key));
        if (!quiet) return error(Errc::configuration, key + ": " + quiet.error().message);
        policy.quiet[channel] = *quiet;
    }
    policy.min_gap = settings.duration("policy.min_gap");
    policy.max_messages = static_cast<int>(settings.integer("policy.max_messages"));
    policy.max_messages_window = settings.duration("policy.max_messages_window");
    policy.email_consent_required = settings.text("policy.email_consent") == "required";
    policy.holdout_share = settings.real("measure.holdout_share");
    policy.risk_mode = risk_mode(settings.text("risk.mode"));
    policy.risk_threshold = settings.real("risk.threshold");
    policy.risk_min_abandonments = settings.integer("risk.min_abandonments");
    policy.max_attempts = static_cast<int>(settings.integer("schedule.max_attempts"));
    return policy;
}

service::Gates::Settings gates_from(Settings const& settings) {
    service::Gates::Settings gates;
    for (auto const channel : {Channel::email, Channel::sms, Channel::push, Channel::ads})
        if (auto const rate = settings.real("deliver.rate_" + std::string(name(channel))); rate > 0)
            gates.rates[channel] = core::Rate{rate, settings.real("deliver.burst")};
    gates.breaker.failures = static_cast<int>(settings.integer("deliver.breaker_failures"));
    gates.breaker.open_for = settings.duration("deliver.breaker_open");
    return gates;
}

}  // namespace recoup::app
