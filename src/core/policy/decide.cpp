#include "core/policy/decide.hpp"

#include "core/fold/merge.hpp"
#include "core/fold/subscriptions.hpp"
#include "core/law/shown.hpp"
#include "core/policy/ask_law.hpp"
#include "core/policy/bought.hpp"
#include "core/policy/customer.hpp"
#include "core/policy/decline.hpp"
#include "core/policy/holds.hpp"
#include "core/policy/incentive.hpp"

#include "recoup/base/digest.hpp"

#include <algorithm>

namespace recoup::core {
namespace {

void ask_subscription(SendFacts const& facts, Rules& rules) {
    auto const since = facts.enrollment.anchor_at;
    bool const subscribed = subscribed_since(facts.person, since);
    rules.forbid_if(subscribed, "no_subscription_again", {}, Verdict::end, Reason::subscribed);
    bool const bought = ordered_since(facts.person, since);
    rules.forbid_if(bought, "not_ordered_since", {}, Verdict::end, Reason::ordered);
}

/// Whether there is anybody to win back; what opening asks, asked again of what is known now.
void ask_customer(SendFacts const& facts, Policy const& policy, Rules& rules) {
    auto const* cart = facts.cart ? &*facts.cart : nullptr;
    auto const* payment = facts.payment ? &*facts.payment : nullptr;
    auto const other = payment != nullptr && payment->test
                           ? std::optional<std::string_view>("test")
                           : not_a_customer(facts.person, address_for(Channel::email, cart, payment, facts.person), policy);
    rules.forbid_if(other.has_value(), "a_customer", std::string(other.value_or("")), Verdict::end, Reason::not_a_customer);
    if (payment != nullptr) {
        rules.forbid_if(looks_like_card_testing(facts.person, facts.failures_around, policy), "no_burst_of_failures",
                        std::to_string(facts.failures_around) + " others around it", Verdict::end, Reason::card_testing);
        return;
    }
    if (cart == nullptr) return;
    auto const& source = cart->source_name.value;
    rules.forbid_if(!recovered_source(source, policy.sources), "sales_channel_recovered", source,
                    Verdict::end, Reason::other_channel);
    rules.forbid_if(drafted(*cart, facts.person), "no_draft_order_since", {}, Verdict::end, Reason::other_channel);
    bool const marked = facts.marked_at != never && facts.marked_at >= cart->last_activity_at;
    rules.forbid_if(marked, "not_bought_elsewhere", {}, Verdict::end, Reason::bought_elsewhere);
}

void ask_subject(SendFacts const& facts, Policy const& policy, Rules& rules, StepVerdict& out) {
    if (facts.payment) {
        rules.forbid_if(facts.payment->paid_at != never, "payment_open",
                        {}, Verdict::end, Reason::paid);
        rules.forbid_if(facts.payment->void_at != never, "order_not_cancelled", {}, Verdict::end, Reason::order_cancelled);
        auto const code = newest_decline(*facts.payment);
        rules.forbid_if(!may_follow_up(code), "decline_may_be_followed", std::string(name(decline_class(code))),
                        Verdict::end, Reason::decline_hard);
        return;
    }
    if (facts.enrollment.trigger == Trigger::subscription_cancelled) return ask_subscription(facts, rules);
    Cart const cart = facts.cart.value_or(Cart{});
    bool const bought = ordered(cart, facts.person, policy);
    rules.forbid_if(bought, "not_ordered", {}, Verdict::end, Reason::ordered);
    rules.forbid_if(facts.other_cart_open, "no_cart_is_open", {}, Verdict::end, Reason::superseded);
    rules.forbid_if(cart.deleted(), "checkout_not_deleted", {}, Verdict::end,
                    Reason::cart_deleted);
    auto const& lines = cart.content.value.lines;
    rules.forbid_if(lines.empty(), "cart_not_emptied", {}, Verdict::end,
                    Reason::cart_emptied);
    auto const left = lines_left(cart, facts.person, cart.created_at);
    rules.forbid_if(left.empty(), "lines_not_bought", std::to_string(left.size()) + " of " + std::to_string(lines.size()),
                    Verdict::end, Reason::ordered);
    bool const some_bought = left != lines;
    Cart rest = cart;
    auto const taken = value_of(lines) - value_of(left);
    rest.content.value.subtotal_minor -= taken;
    rest.content.value.total_minor -= taken;
    rest.content.value.lines = left;
    out.cart = true_content(rest, facts.goods, facts.shop->currency);
    auto const buyable = out.cart.lines.size();
    rules.forbid_if(buyable == 0, "something_can_be_bought",
                    std::to_string(buyable) + " of " + std::to_string(left.size()), Verdict::skip,
                    Reason::sold_out);
    rest.content.value = out.cart;
    auto const worth = value_of(rest);
    rules.forbid_if(!cart.browsed() && worth < policy.value_floor_minor, "value_above_floor",
                    std::to_string(worth) + " of " + std::to_string(policy.value_floor_minor),
                    some_bought ? Verdict::end : Verdict::skip, Reason::below_floor);
}

void ask_address(SendFacts const& facts, Rules& rules, StepVerdict& out) {
    auto const channel = facts.config.channel;
    out.address = address_for(channel, facts.cart ? &*facts.cart : nullptr, facts.payment ? &*facts.payment : nullptr, facts.person);
    rules.forbid_if(!facts.adapter_configured, "channel_has_adapter", facts.adapter_configured ? "" : std::string(name(channel)), Verdict::skip,
                    Reason::no_adapter);
    rules.forbid_if(out.address.empty(), "address_known", {}, Verdict::skip, Reason::no_address);
    bool const suppressed = facts.suppressed.contains(consent_key(channel, out.address));
    rules.forbid_if(suppressed, "not_suppressed", {}, Verdict::skip,
                    Reason::suppressed);
}

/// It waits until its usefulness ends; who resumes calls it back before.
void ask_pause(SendFacts const& facts, Rules& rules, StepVerdict& out) {
    rules.forbid_if(facts.paused.has_value(), "not_paused",
                    facts.paused ? scope_text(*facts.paused) + " since " + to_rfc3339(facts.paused->since) : "",
                    Verdict::move, Reason::paused);
    if (facts.paused && out.reason == Reason::paused) out.move_to = useful_until(facts.step, facts.config) + Millis{1};
}

void ask_exit(SendFacts const& facts, Rules& rules) {
    for (auto const& condition : facts.sequence->exit) {
        if (rules.decided()) return;
        auto const held = holds(condition, facts);
        rules.forbid_if(held.holds, "exit: " + condition, held.input, Verdict::end, Reason::exit_rule);
    }
}

void ask_conditions(SendFacts const& facts, Rules& rules) {
    for (auto const& condition : facts.config.when) {
        if (rules.decided()) return;
        auto const held = holds(condition, facts);
        rules.forbid_if(!held.holds, condition, held.input, Verdict::skip, Reason::condition);
    }
}

/// What cannot be given is never promised: the step goes without it or is left out, as its file says.
void ask_incentive(SendFacts const& facts, Rules& rules, StepVerdict& out) {
    if (!facts.config.offers()) return;
    if (auto const why = kept_back(facts)) return rules.note("incentive_kept_back", *why);
    auto const offer = offer_of(facts, out.cart);
    bool const sent_all_the_same = facts.config.otherwise == Otherwise::send;
    rules.forbid_if(!offer.lost.empty() && !sent_all_the_same, "incentive_can_be_given",
                    offer.lost.empty() ? std::to_string(offer.incentive.percent) + " %"
                                       : offer.lost + (sent_all_the_same ? ", goes without it" : ""),
                    Verdict::skip, Reason::no_incentive);
    out.incentive = offer.incentive;
}

}  // namespace

Instant useful_until(PlannedStep const& step, SequenceStep const& config) { return step.planned_at + config.useful_for; }

StepVerdict decide_step(SendFacts facts, Policy const& policy) {
    StepVerdict out;
    Rules rules(out);
    bool const erased = facts.person.id.empty();
    rules.forbid_if(erased, "not_erased", {}, Verdict::end, Reason::erased);
    bool const uninstalled = facts.shop->uninstalled_at != never;
    rules.forbid_if(uninstalled, "shop_installed", {}, Verdict::end, Reason::uninstalled);
    ask_subject(facts, policy, rules, out);
    if (facts.cart) facts.cart->content.value = out.cart;   // conditions see what can be bought
    if (!rules.decided()) ask_customer(facts, policy, rules);
    ask_exit(facts, rules);
    auto const last = useful_until(facts.step, facts.config);
    rules.forbid_if(facts.now > last, "still_useful", facts.now > last ? "until " + to_rfc3339(last) : "", Verdict::skip, Reason::too_late);
    rules.forbid_if(facts.enrollment.arm == Arm::holdout, "not_in_control_group", {},
                    Verdict::skip, Reason::holdout);
    if (!rules.decided()) ask_pause(facts, rules, out);
    if (!rules.decided()) ask_conditions(facts, rules);
    if (!rules.decided()) ask_incentive(facts, rules, out);
    if (!rules.decided()) ask_address(facts, rules, out);
    if (rules.decided()) return out;

    auto const where = jurisdiction_of(facts, policy, out.address);
    if (policy.law) out.law = policy.law->version();
    ask_consent(facts, policy, where, rules, out);
    ask_content(facts, where, rules, out);
    ask_caps(facts, policy, where, rules, out);
    if (!rules.decided()) ask_hours(facts, policy, where, rules, out);
    if (rules.decided()) return out;
    out.verdict = Verdict::send;
    out.reason = Reason::ok;
    return out;
}

void ask_message(StepVerdict& verdict, Message const& message, Shop const& shop) {
    Rules rules(verdict);
    for (auto const* rule : verdict.content)
        for (auto const need : rule->needs)
            if (!shows(message, need, shop)) rules.forbid_if(true, rule->id, std::string(name(need)), Verdict::skip, Reason::content_missing, rule->source);
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
