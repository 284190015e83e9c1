#include "core/policy/ask_law.hpp"

#include "core/fold/merge.hpp"
#include "core/policy/decide.hpp"
#include "core/send/resolve.hpp"

#include <algorithm>

namespace recoup::core {
namespace {

std::string yes_no(bool value) { return value ? "yes" : "no"; }

std::string places_text(std::vector<Place> const& places, std::vector<std::string> const& zones) {
    std::string text;
    for (auto const& place : places) {
        auto const name = place.country.empty() ? "not known" : place.country + (place.region.empty() ? "" : "-" + place.region);
        text.append(text.empty() ? "" : " or ").append(name);
    }
    constexpr std::size_t shown = 3;
    for (std::size_t i = 0; i < zones.size() && i < shown; ++i) text.append(i == 0 ? ", " : " ").append(zones[i]);
    return zones.size() > shown ? text + " and " + std::to_string(zones.size() - shown) + " more" : text;
}

Instant newest_order(Person const& person) {
    Instant newest{};
    for (auto const& [id, order] : person.orders) newest = std::max(newest, order.placed_at);
    return newest;
}

bool is_fresh(Consent const& consent, Millis life, SendFacts const& facts) {
    if (life == Millis{}) return true;
    return facts.now - std::max({consent.version.at, consent.confirmed_at, newest_order(facts.person)}) <= life;
}

/// Given that the person did not refuse.
bool holds(Basis basis, ConsentTerms const& terms, Consent const* consent, SendFacts const& facts) {
    switch (basis) {
        case Basis::express:
            return consent != nullptr && consent->state == ConsentState::granted && (!terms.confirmed || consent->confirmed()) &&
                   is_fresh(*consent, terms.expires_after, facts);
        case Basis::soft_opt_in: return !facts.person.orders.empty();
        case Basis::negotiation: return facts.cart && facts.cart->stage >= Stage::contact;
        case Basis::implied_purchase: return facts.now - newest_order(facts.person) <= terms.purchase_within;
        case Basis::implied_inquiry: return facts.cart && facts.now - facts.cart->last_activity_at <= terms.inquiry_within;
        case Basis::opt_out: return true;
    }
    return false;
}

bool too_young(ConsentTerms const& terms, Consent const* consent) {
    return consent != nullptr && consent->age > 0 && consent->age < terms.min_age;
}

Reason why_not(ConsentTerms const& terms, Consent const* consent, SendFacts const& facts) {
    if (too_young(terms, consent)) return Reason::under_age;
    if (consent == nullptr || consent->state != ConsentState::granted) return Reason::no_consent;
    if (terms.confirmed && !consent->confirmed()) return Reason::not_confirmed;
    return is_fresh(*consent, terms.expires_after, facts) ? Reason::no_consent : Reason::consent_expired;
}

/// By the shop's own wish.
void ask_own_consent(SendFacts const& facts, Policy const& policy, Consent const* consent, Rules& rules) {
    auto const state = consent == nullptr ? ConsentState::unknown : consent->state;
    bool const by_soft_opt_in = state == ConsentState::unknown && facts.config.channel == Channel::email && !policy.email_consent_required;
    rules.forbid_if(state != ConsentState::granted && !by_soft_opt_in, "consent_on_this_channel", std::string(name(state)), Verdict::skip,
                    Reason::no_consent);
    if (policy.double_opt_in.contains(facts.config.channel)) {
        bool const confirmed = consent != nullptr && consent->confirmed();
        rules.forbid_if(!confirmed, "double_opt_in", yes_no(confirmed), Verdict::skip, Reason::not_confirmed);
    }
    if (policy.consent_life > Millis{} && consent != nullptr)
        rules.forbid_if(!is_fresh(*consent, policy.consent_life, facts), "consent_still_counts",
                        "given " + to_rfc3339(consent->version.at) + ", counts " + to_duration_text(policy.consent_life), Verdict::skip,
                        Reason::consent_expired);
}

int counted(LawRule const& rule, SendFacts const& facts) {
    return static_cast<int>(std::count_if(facts.history.begin(), facts.history.end(), [&](SentMessage const& sent) {
        if (!rule.covers(sent.channel) || facts.now - sent.at >= rule.within) return false;
        switch (rule.per) {
            case CapSubject::cart: return !sent.cart_id.empty() && sent.cart_id == facts.enrollment.cart_id;
            case CapSubject::enrollment: return sent.enrollment_id == facts.enrollment.id;
            case CapSubject::person: return true;
        }
        return true;
    }));
}

void ask_law_caps(SendFacts const& facts, Jurisdiction const& where, Rules& rules) {
    for (auto const& [rule, zones] : where.rules) {
        if (rule->kind != LawKind::cap) continue;
        bool const by_cart = rule->per == CapSubject::cart;
        if (by_cart && facts.enrollment.cart_id.empty()) continue;
        auto const count = counted(*rule, facts);
        rules.forbid_if(count >= rule->max, rule->id, std::to_string(count) + " of " + std::to_string(rule->max), Verdict::skip,
                        by_cart && facts.config.channel == Channel::sms ? Reason::sms_once_per_cart : Reason::law_cap, rule->source);
    }
}

void ask_cap(Cap const& cap, int count, std::string const& rule, Reason reason, Rules& rules) {
    if (cap.none()) return;
    rules.forbid_if(count >= cap.max, rule, std::to_string(count) + " of " + std::to_string(cap.max) + (count >= cap.max ? " in " + to_duration_text(cap.window) : ""),
                    Verdict::skip, reason);
}

/// A step that we held back ourselves keeps its distance from what was sent meanwhile; others give way.
void ask_distance(SendFacts const& facts, Policy const& policy, Rules& rules, StepVerdict& out) {
    Instant newest{};
    for (auto const& sent : facts.history) newest = std::max(newest, sent.at);
    bool const close = newest != never && facts.now - newest < policy.min_gap;
    auto const later = newest + policy.min_gap;
    bool const can_move = facts.step.wait != StepWait::none && later <= useful_until(facts.step, facts.config);
    rules.forbid_if(close, "min_gap", close ? "last at " + to_rfc3339(newest) + ", " + to_duration_text(policy.min_gap) + " apart" : "",
                    can_move ? Verdict::move : Verdict::skip, Reason::frequency_cap);
    if (close && out.verdict == Verdict::move) out.move_to = later;
}

/// Hours that are asked, and what it means that they are closed.
struct Closed {
    std::string rule;
    Reason reason = Reason::ok;
    std::string source;
    std::vector<HoursIn> hours;
};

Closed hours_in(OpenHours const& hours, std::vector<std::string> const& zones, std::string rule, Reason reason) {
    Closed all{std::move(rule), reason, {}, {}};
    for (auto const& zone : zones) all.hours.push_back({&hours, &zone});
    return all;
}

/// When the law's time for such a message is over; nullptr: it has none.
LawRule const* nearest_deadline(Jurisdiction const& where) {
    LawRule const* nearest = nullptr;
    for (auto const& [rule, zones] : where.rules)
        if (rule->kind == LawKind::deadline && (nearest == nullptr || rule->within < nearest->within)) nearest = rule;
    return nearest;
}

}  // namespace

Jurisdiction jurisdiction_of(SendFacts const& facts, Policy const& policy, std::string const& address) {
    Cart const* const cart = facts.cart ? &*facts.cart : nullptr;
    bool const by_cart = cart != nullptr && cart->country.known();
    PlaceHints hints;
    hints.timezone = facts.person.timezone.value;
    hints.country = by_cart ? cart->country.value : facts.person.country.value;
    hints.region = by_cart ? cart->region.value : facts.person.region.value;
    hints.by_phone = facts.config.channel == Channel::sms;
    hints.phone = hints.by_phone ? std::string_view(address) : facts.person.phone.value;
    hints.shop_country = facts.shop->country;
    hints.shop_timezone = facts.shop->timezone;
    Jurisdiction where;
    where.places = places_of(hints);
    where.zones = zones_of(where.places);
    if (policy.law) where.rules = policy.law->rules_for(where.places, facts.config.channel, facts.enrollment.trigger);
    return where;
}

Consent const* consent_of(SendFacts const& facts, std::string const& address) {
    auto const it = facts.person.consents.find(consent_key(facts.config.channel, address));
    return it == facts.person.consents.end() ? nullptr : &it->second;
}

void ask_consent(SendFacts const& facts, Policy const& policy, Jurisdiction const& where, Rules& rules, StepVerdict const& out) {
    auto const* consent = consent_of(facts, out.address);
    ask_own_consent(facts, policy, consent, rules);
    rules.note("place", places_text(where.places, where.zones));
    for (auto const& [rule, zones] : where.rules) {
        if (rule->kind != LawKind::consent) continue;
        auto const& terms = rule->consent;
        auto const basis = std::find_if(terms.basis.begin(), terms.basis.end(),
                                        [&](Basis one) { return holds(one, terms, consent, facts); });
        bool const forbids = basis == terms.basis.end() || too_young(terms, consent);
        rules.forbid_if(forbids, rule->id, forbids ? terms_text(*rule) : std::string(name(*basis)), Verdict::skip,
                        forbids ? why_not(terms, consent, facts) : Reason::ok, rule->source);
    }
}

void ask_content(SendFacts const& facts, Jurisdiction const& where, Rules& rules, StepVerdict& out) {
    for (auto const& [rule, zones] : where.rules) {
        if (rule->kind != LawKind::content) continue;
        bool const address = std::find(rule->needs.begin(), rule->needs.end(), Need::postal_address) != rule->needs.end();
        rules.forbid_if(address && facts.shop->postal_address.empty(), rule->id, {}, Verdict::skip, Reason::no_postal_address, rule->source);
        out.content.push_back(rule);
    }
}

void ask_caps(SendFacts const& facts, Policy const& policy, Jurisdiction const& where, Rules& rules, StepVerdict& out) {
    ask_law_caps(facts, where, rules);
    auto const channel = facts.config.channel;
    auto const within = [&](Cap const& cap, bool this_channel) {
        return static_cast<int>(std::count_if(facts.history.begin(), facts.history.end(), [&](SentMessage const& sent) {
            return facts.now - sent.at < cap.window && (!this_channel || sent.channel == channel);
        }));
    };
    ask_cap(policy.person_cap, within(policy.person_cap, false), "cap_person", Reason::frequency_cap, rules);
    if (auto const own = policy.channel_caps.find(channel); own != policy.channel_caps.end())
        ask_cap(own->second, within(own->second, true), "cap_" + std::string(name(channel)), Reason::frequency_cap, rules);
    if (facts.shop_left) ask_cap(policy.shop_cap, policy.shop_cap.max - *facts.shop_left, "cap_shop", Reason::shop_cap, rules);
    if (!rules.decided()) ask_distance(facts, policy, rules, out);
}

void ask_hours(SendFacts const& facts, Policy const& policy, Jurisdiction const& where, Rules& rules, StepVerdict& out) {
    auto const* const deadline = nearest_deadline(where);
    auto const useful = useful_until(facts.step, facts.config);
    auto const lawful = deadline != nullptr ? facts.enrollment.anchor_at + deadline->within : useful;
    if (deadline != nullptr)
        rules.forbid_if(facts.now > lawful, deadline->id, "until " + to_rfc3339(lawful), Verdict::skip, Reason::past_deadline, deadline->source);
    if (rules.decided()) return;

    std::vector<Closed> asked;
    for (auto const& [rule, zones] : where.rules)
        if (rule->kind == LawKind::hours) {
            asked.push_back(hours_in(rule->hours, zones, rule->id, Reason::law_hours));
            asked.back().source = rule->source;
        }
    auto const quiet = policy.open.find(facts.config.channel);
    if (quiet != policy.open.end() && !quiet->second.always())
        asked.push_back(hours_in(quiet->second, where.zones, "quiet_hours", Reason::quiet_hours));
    auto const parsed = parse_send_window(facts.config.window, facts.config.days);
    auto const window = parsed ? *parsed : OpenHours{};   // validated when it was applied
    if (!window.always()) asked.push_back(hours_in(window, where.zones, "send_window", Reason::send_window));

    std::vector<HoursIn> all;
    for (auto const& one : asked) all.insert(all.end(), one.hours.begin(), one.hours.end());
    auto const moment = next_open(facts.now, std::min(useful, lawful), all);
    auto const too_late = lawful < useful ? Reason::past_deadline : Reason::too_late;
    for (auto const& one : asked) {
        bool const closed = !is_open(facts.now, one.hours);
        rules.forbid_if(closed, one.rule, closed ? "closed" : "", moment ? Verdict::move : Verdict::skip, moment ? one.reason : too_late, one.source);
    }
    if (!rules.decided() || !moment) return;
    // Else everybody who waited for the morning would be due in the same minute.
    auto const own = spread_out(*moment, policy.hours_spread, std::min(useful, lawful), facts.enrollment.id + "/" + std::to_string(facts.step.step));
    auto const at = std::chrono::floor<Seconds>(own);
    out.move_to = at > *moment && is_open(at, all) ? Instant{at} : *moment;
}

}  // namespace recoup::core
