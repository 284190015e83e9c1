#include "core/policy/decide.hpp"

#include "core/fold/merge.hpp"
#include "core/law/zones.hpp"
#include "core/law/send_window.hpp"
#include "core/policy/decline.hpp"
#include "core/policy/holds.hpp"

#include "recoup/base/digest.hpp"

#include <algorithm>

namespace recoup::core {
namespace {

std::string yes_no(bool value) { return value ? "yes" : "no"; }

/// Collects the trace; remembers the first rule that forbids.
class Rules {
public:
    explicit Rules(StepVerdict& out) : out_(out) {}

    bool decided() const { return decided_; }

    void forbid_if(bool forbids, std::string rule, std::string input, Verdict verdict, Reason reason) {
        if (decided_) return;
        out_.trace.push_back(TraceEntry{std::move(rule), !forbids, std::move(input)});
        if (!forbids) return;
        decided_ = true;
        out_.verdict = verdict;
        out_.reason = reason;
    }

private:
    StepVerdict& out_;
    bool decided_ = false;
};

bool buyable(Line const& line, StockByVariant const& stock) {
    auto const it = stock.find(line.variant_id);
    return it == stock.end() || !it->second || *it->second > 0;
}

ConsentState consent_of(SendFacts const& facts, Channel channel, std::string const& address) {
    auto const it = facts.person.consents.find(consent_key(channel, address));
    return it == facts.person.consents.end() ? ConsentState::unknown : it->second.state;
}

bool permits(ConsentState state, Channel channel, Policy const& policy) {
    if (state == ConsentState::granted) return true;
    return state == ConsentState::unknown && channel == Channel::email && !policy.email_consent_required;
}

std::vector<std::string> zones_for(SendFacts const& facts, std::string const& address) {
    Cart const* const cart = facts.cart ? &*facts.cart : nullptr;
    bool const by_cart = cart != nullptr && cart->country.known();
    PlaceHints hints;
    hints.timezone = facts.person.timezone.value;
    hints.country = by_cart ? cart->country.value : facts.person.country.value;
    hints.region = by_cart ? cart->region.value : facts.person.region.value;
    hints.phone = facts.config.channel == Channel::sms ? std::string_view(address) : facts.person.phone.value;
    hints.shop_timezone = facts.shop.timezone;
    return zones_of(hints);
}

std::string joined(std::vector<std::string> const& parts) {
    std::string out;
    for (auto const& part : parts) out += (out.empty() ? "" : ", ") + part;
    return out;
}

void ask_subject(SendFacts const& facts, Policy const& policy, Rules& rules, StepVerdict& out) {
    if (facts.payment) {
        rules.forbid_if(facts.payment->paid_at != never, "payment still open",
                        "paid: " + yes_no(facts.payment->paid_at != never), Verdict::end, Reason::paid);
        auto const code = newest_decline(*facts.payment);
        rules.forbid_if(!may_follow_up(code), "decline may be followed up", "class: " + std::string(name(decline_class(code))),
                        Verdict::end, Reason::decline_hard);
        return;
    }
    Cart const cart = facts.cart.value_or(Cart{});
    bool const bought = ordered(cart, facts.person);
    rules.forbid_if(bought, "not ordered", "ordered: " + yes_no(bought), Verdict::end, Reason::ordered);
    rules.forbid_if(cart.deleted(), "checkout not deleted", "deleted: " + yes_no(cart.deleted()), Verdict::end,
                    Reason::cart_deleted);
    auto const& lines = cart.content.value.lines;
    rules.forbid_if(lines.empty(), "cart not emptied", std::to_string(lines.size()) + " lines", Verdict::end,
                    Reason::cart_emptied);
    std::copy_if(lines.begin(), lines.end(), std::back_inserter(out.lines),
                 [&](Line const& line) { return buyable(line, facts.stock); });
    rules.forbid_if(out.lines.empty(), "something can still be bought",
                    std::to_string(out.lines.size()) + " of " + std::to_string(lines.size()) + " lines in stock",
                    Verdict::skip, Reason::sold_out);
    rules.forbid_if(cart.content.value.subtotal_minor < policy.value_floor_minor, "value at or above the floor",
                    std::to_string(cart.content.value.subtotal_minor) + " of " + std::to_string(policy.value_floor_minor) +
                        " minor units",
                    Verdict::skip, Reason::below_floor);
}

void ask_address(SendFacts const& facts, Policy const& policy, Rules& rules, StepVerdict& out) {
    auto const channel = facts.config.channel;
    out.address = address_for(channel, facts.cart ? &*facts.cart : nullptr, facts.person);
    rules.forbid_if(!facts.adapter_configured, "channel has an adapter", std::string(name(channel)), Verdict::skip,
                    Reason::no_adapter);
    rules.forbid_if(out.address.empty(), "address known", yes_no(!out.address.empty()), Verdict::skip, Reason::no_address);
    bool const suppressed = facts.suppressed.contains(consent_key(channel, out.address));
    rules.forbid_if(suppressed, "address not suppressed", "suppressed: " + yes_no(suppressed), Verdict::skip,
                    Reason::suppressed);
    auto const consent = consent_of(facts, channel, out.address);
    rules.forbid_if(!permits(consent, channel, policy), "consent on this channel", std::string(name(consent)), Verdict::skip,
                    Reason::no_consent);
}

/// A step that we held back ourselves keeps its distance from what was sent meanwhile; others give way.
void ask_distance(SendFacts const& facts, Policy const& policy, Instant newest, Rules& rules, StepVerdict& out) {
    bool const close = newest != never && facts.now - newest < policy.min_gap;
    auto const later = newest + policy.min_gap;
    bool const can_move = facts.step.wait != StepWait::none && later <= useful_until(facts.step, facts.config);
    rules.forbid_if(close, "at least " + to_duration_text(policy.min_gap) + " after the last message",
                    newest == never ? "none before" : "last at " + to_rfc3339(newest), can_move ? Verdict::move : Verdict::skip,
                    Reason::frequency_cap);
    if (close && out.verdict == Verdict::move) out.move_to = later;
}

void ask_frequency(SendFacts const& facts, Policy const& policy, Rules& rules, StepVerdict& out) {
    int within = 0;
    Instant newest{};
    bool sms_for_cart = false;
    for (auto const& sent : facts.history) {
        if (facts.now - sent.at < policy.max_messages_window) ++within;
        newest = std::max(newest, sent.at);
        sms_for_cart = sms_for_cart || (sent.channel == Channel::sms && !sent.cart_id.empty() &&
                                        sent.cart_id == facts.enrollment.cart_id && facts.now - sent.at < std::chrono::hours{48});
    }
    bool const second_sms = facts.config.channel == Channel::sms && sms_for_cart;
    rules.forbid_if(second_sms, "one SMS a cart within 48 hours", "had one: " + yes_no(sms_for_cart), Verdict::skip,
                    Reason::sms_once_per_cart);
    rules.forbid_if(within >= policy.max_messages, "messages within " + to_duration_text(policy.max_messages_window),
                    std::to_string(within) + " of " + std::to_string(policy.max_messages), Verdict::skip,
                    Reason::frequency_cap);
    if (!rules.decided()) ask_distance(facts, policy, newest, rules, out);
}

/// It waits until its usefulness ends; who resumes calls it back before.
void ask_pause(SendFacts const& facts, Rules& rules, StepVerdict& out) {
    rules.forbid_if(facts.paused.has_value(), "not paused",
                    facts.paused ? scope_text(*facts.paused) + " since " + to_rfc3339(facts.paused->since) : "no pause",
                    Verdict::move, Reason::paused);
    if (facts.paused && out.reason == Reason::paused) out.move_to = useful_until(facts.step, facts.config) + Millis{1};
}

void ask_exit(SendFacts const& facts, Rules& rules) {
    for (auto const& condition : facts.exit) {
        if (rules.decided()) return;
        auto const held = holds(condition, facts);
        rules.forbid_if(held.holds, "does not end when " + condition, held.input, Verdict::end, Reason::exit_rule);
    }
}

void ask_conditions(SendFacts const& facts, Rules& rules) {
    for (auto const& condition : facts.config.when) {
        if (rules.decided()) return;
        auto const held = holds(condition, facts);
        rules.forbid_if(!held.holds, condition, held.input, Verdict::skip, Reason::condition);
    }
}

/// What the law and the step itself say about hours and days: the step moves to the first moment that suits both.
void ask_hours(SendFacts const& facts, Policy const& policy, Rules& rules, StepVerdict& out) {
    auto const zones = zones_for(facts, out.address);
    auto const quiet = policy.quiet.find(facts.config.channel);
    auto const hours = quiet == policy.quiet.end() ? QuietHours{} : quiet->second;
    auto const parsed = parse_send_window(facts.config.window, facts.config.days);
    auto const window = parsed ? *parsed : SendWindow{};   // validated when it was applied
    bool const in_quiet = is_quiet(facts.now, zones, hours);
    bool const closed = !is_open(facts.now, zones, window);
    auto const moment = in_quiet || closed ? next_open(facts.now, useful_until(facts.step, facts.config), zones, hours, window)
                                           : std::optional<Instant>(facts.now);
    auto const place = joined(zones);
    auto const verdict = moment ? Verdict::move : Verdict::skip;
    rules.forbid_if(in_quiet, "allowed hours in the person's zone", place + (in_quiet ? ": quiet" : ": allowed"), verdict,
                    moment ? Reason::quiet_hours : Reason::too_late);
    if (!window.always())
        rules.forbid_if(closed, "the step's own hours and days", place + (closed ? ": outside" : ": inside"), verdict,
                        moment ? Reason::send_window : Reason::too_late);
    if (rules.decided() && moment) out.move_to = *moment;
}

}  // namespace

Instant useful_until(PlannedStep const& step, SequenceStep const& config) { return step.planned_at + config.useful_for; }

StepVerdict decide_step(SendFacts const& facts, Policy const& policy) {
    StepVerdict out;
    Rules rules(out);
    bool const erased = facts.person.id.empty();
    rules.forbid_if(erased, "person not erased", "erased: " + yes_no(erased), Verdict::end, Reason::erased);
    bool const uninstalled = facts.shop.uninstalled_at != never;
    rules.forbid_if(uninstalled, "shop installed", "uninstalled: " + yes_no(uninstalled), Verdict::end, Reason::uninstalled);
    ask_subject(facts, policy, rules, out);
    ask_exit(facts, rules);
    auto const last = useful_until(facts.step, facts.config);
    rules.forbid_if(facts.now > last, "still useful", "until " + to_rfc3339(last), Verdict::skip, Reason::too_late);
    rules.forbid_if(facts.enrollment.arm == Arm::holdout, "not in the control group", std::string(name(facts.enrollment.arm)),
                    Verdict::skip, Reason::holdout);
    if (!rules.decided()) ask_pause(facts, rules, out);
    if (!rules.decided()) ask_conditions(facts, rules);
    if (!rules.decided()) ask_address(facts, policy, rules, out);
    if (!rules.decided()) ask_frequency(facts, policy, rules, out);
    if (rules.decided()) return out;

    ask_hours(facts, policy, rules, out);
    if (rules.decided()) return out;
    out.verdict = Verdict::send;
    out.reason = Reason::ok;
    return out;
}

std::optional<Instant> retry_at(SendFacts const& facts, Policy const& policy, int attempt, Millis asked,
                                std::string_view message_id) {
    if (attempt >= policy.max_attempts) return std::nullopt;
    Millis const cap = std::chrono::hours{4};
    auto const doubled = std::min(cap, Millis{policy.retry_base.count() * (std::int64_t{1} << std::min(attempt - 1, 20))});
    // Full jitter in its upper half, from the id: a replay waits equally long.
    auto const spread = stable_hash(std::string(message_id) + "/" + std::to_string(attempt)) % 1000;
    Millis const own{doubled.count() / 2 + doubled.count() * static_cast<std::int64_t>(spread) / 2000};
    auto const at = facts.now + std::max(own, asked);
    if (at > useful_until(facts.step, facts.config)) return std::nullopt;
    return at;
}

}  // namespace recoup::core
