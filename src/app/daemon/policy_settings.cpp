#include "app/daemon/policy_settings.hpp"

#include "app/embedded.hpp"
#include "app/law_file.hpp"

#include <fstream>
#include <sstream>

namespace recoup::app {
namespace {

core::RiskMode risk_mode(std::string const& text) {
    if (text == "act") return core::RiskMode::act;
    if (text == "watch") return core::RiskMode::watch;
    if (text == "off") return core::RiskMode::off;
    return core::RiskMode::automatic;
}

/// "6/7d"; empty = none.
Result<Cap> cap_of(Settings const& settings, std::string const& key) {
    auto const text = settings.text(key);
    if (text.empty()) return Cap{};
    auto const slash = text.find('/');
    auto const max = parse_minor(text.substr(0, slash), "JPY");   // whole
    auto const window = parse_duration(slash == std::string::npos ? std::string() : text.substr(slash + 1));
    if (!max || *max < 0 || *max > 1'000'000'000 || !window || *window <= Millis{} || *window > widest_cap_window)
        return error(Errc::configuration, key + ": a cap is written \"6/7d\", six within seven days, at most 31d; or left empty");
    return Cap{static_cast<int>(*max), *window};
}

Result<void> read_caps(Settings const& settings, core::Policy& policy) {
    auto const person = cap_of(settings, "policy.cap_person"), shop = cap_of(settings, "policy.cap_shop");
    if (!person) return person.error();
    if (!shop) return shop.error();
    policy.person_cap = *person;
    policy.shop_cap = *shop;
    for (auto const channel : {Channel::email, Channel::sms, Channel::push, Channel::ads}) {
        auto const cap = cap_of(settings, "policy.cap_" + std::string(name(channel)));
        if (!cap) return cap.error();
        policy.channel_caps[channel] = *cap;
    }
    return {};
}

Result<void> read_consents(Settings const& settings, core::Policy& policy) {
    policy.email_consent_required = settings.text("policy.email_consent") == "required";
    policy.consent_life = settings.duration("policy.consent_life");
    for (auto const& text : settings.list("policy.double_opt_in")) {
        auto const channel = channel_from(text);
        if (!channel) return error(Errc::configuration, "policy.double_opt_in: there are email, sms, push and ads, not '" + text + "'");
        policy.double_opt_in.insert(*channel);
    }
    return {};
}

/// The list of the file, or the built-in one, with the store's own people.
Result<std::shared_ptr<core::AddressList const>> addresses_from(Settings const& settings) {
    auto const path = settings.text("track.addresses");
    std::stringstream text;
    if (path.empty()) {
        text << embedded_addresses().front().text;
    } else if (std::ifstream file(path); !(file && text << file.rdbuf())) {
        return error(Errc::configuration, "track.addresses: cannot read " + path);
    }
    auto list = core::AddressList::parse(text.str());
    if (!list) return error(Errc::configuration, "track.addresses: " + path + ": " + list.error().message);
    for (auto const& pattern : settings.list("track.staff"))
        if (!list->add("staff", pattern))
            return error(Errc::configuration, "track.staff: write *@shop.example or a whole address, not '" + pattern + "'");
    return std::make_shared<core::AddressList const>(std::move(*list));
}

}  // namespace

Result<core::Policy> policy_from(Settings const& settings) {
    core::Policy policy;
    policy.idle = settings.duration("track.idle");
    policy.value_floor_minor = settings.integer("track.value_floor_minor");
    policy.sources = settings.list("track.sources");
    policy.order_covers = settings.real("track.order_covers");
    policy.max_restarts = static_cast<int>(settings.integer("track.max_restarts"));
    policy.card_testing = settings.integer("track.card_testing");
    auto addresses = addresses_from(settings);
    if (!addresses) return addresses.error();
    policy.not_customers = std::move(*addresses);
    for (auto const channel : {Channel::email, Channel::sms, Channel::push}) {
        auto const key = "policy.quiet_" + std::string(name(channel));
        auto quiet = core::parse_quiet_hours(settings.text(key));
        if (!quiet) return error(Errc::configuration, key + ": " + quiet.error().message);
        policy.open[channel] = *quiet;
    }
    policy.hours_spread = settings.duration("deliver.spread");
    policy.min_gap = settings.duration("policy.min_gap");
    if (auto read = read_caps(settings, policy); !read) return read.error();
    if (auto read = read_consents(settings, policy); !read) return read.error();
    auto law = load_law(settings.text("law.folder"));
    if (!law) return law.error();
    policy.law = *std::move(law);
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
