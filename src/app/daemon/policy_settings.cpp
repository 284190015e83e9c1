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

}  // namespace recoup::app
