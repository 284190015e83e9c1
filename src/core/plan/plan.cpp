#include "core/plan/plan.hpp"

#include "core/fold/subscriptions.hpp"
#include "core/policy/bought.hpp"
#include "core/policy/customer.hpp"

#include "recoup/base/digest.hpp"

#include <algorithm>

namespace recoup::core {
namespace {

bool reachable(Cart const& cart, Person const& person) {
    return !address_for(Channel::email, &cart, person).empty() || !address_for(Channel::sms, &cart, person).empty();
}

std::string contact_of(Cart const* cart, Person const& person) {
    auto const email = address_for(Channel::email, cart, person);
    return email.empty() ? address_for(Channel::sms, cart, person) : email;
}

struct Check {
    std::vector<TraceEntry>& trace;
    std::optional<Reason> stop;

    void forbid_if(bool forbids, char const* rule, std::string input, Reason reason) {
        if (stop) return;
        trace.push_back(TraceEntry{rule, !forbids, std::move(input)});
        if (forbids) stop = reason;
    }
};

Enrollment fresh(std::string id, Shop const& shop, Person const& person, Sequence const& sequence, Policy const& policy,
                 Cart const* cart, Instant now) {
    Enrollment enrollment;
    enrollment.id = std::move(id);
    enrollment.person_id = person.id;
    enrollment.trigger = sequence.trigger;
    enrollment.sequence = sequence.name;
    enrollment.sequence_version = sequence.version;
    enrollment.arm = arm_of(shop, cart, person, policy);
    enrollment.opened_at = now;
    return enrollment;
}

/// "2 steps, left out as past: reminder, text".
std::string what_is_planned(Sequence const& sequence, std::vector<PlannedStep> const& steps) {
    std::string past;
    for (std::size_t i = 0; i < sequence.steps.size(); ++i)
        if (std::none_of(steps.begin(), steps.end(), [&](PlannedStep const& step) { return step.step == static_cast<int>(i); }))
            past += (past.empty() ? "" : ", ") + sequence.steps[i].name;
    return std::to_string(steps.size()) + " steps" + (past.empty() ? "" : ", left out as past: " + past);
}

/// Whether there is anybody to win back: not tests, staff and crawlers, nor what other channels of the store look after.
void ask_customer(Check& check, OpenFacts const& facts, Policy const& policy) {
    Cart const& cart = facts.cart;
    auto const& source = cart.source_name.value;
    check.forbid_if(!recovered_source(source, policy.sources), "sales_channel_recovered", source,
                    Reason::other_channel);
    check.forbid_if(drafted(cart, facts.person), "no_draft_order_since", "", Reason::other_channel);
    auto const other = not_a_customer(facts.person, address_for(Channel::email, &cart, facts.person), policy);
    check.forbid_if(other.has_value(), "a_customer", std::string(other.value_or("")), Reason::not_a_customer);
    bool const marked = facts.marked_at != never && facts.marked_at >= cart.last_activity_at;
    check.forbid_if(marked, "not_bought_elsewhere", "", Reason::bought_elsewhere);
}

/// Heard of so late that no step is useful any more: nothing opens.
void plan_or_refuse(Opening& out, Sequence const& sequence, Policy const& policy, Instant now) {
    out.steps = plan_steps(out.enrollment, sequence, now, policy.min_gap);
    out.trace.push_back(TraceEntry{"a_step_is_still_useful", !out.steps.empty(), what_is_planned(sequence, out.steps)});
    if (!out.steps.empty()) return;
    out.open = out.replan = out.supersedes = false;
    out.reason = Reason::too_late;
}

/// What an active enrollment of the person means for this cart.
struct Standing {
    bool goes_on = false;   // it is this cart's, and stays
    bool older = false;     // this cart is not the newest intent
};
Standing standing_of(OpenFacts const& facts, Policy const& policy) {
    Standing standing;
    if (!facts.active) return standing;
    auto const& active = *facts.active;
    bool const lower = outgrown(active, facts.cart, facts.person, {facts.sequence}, policy);
    standing.goes_on = active.cart_id == facts.cart.id && !lower;
    bool const higher = facts.cart.browsed() && active.trigger != Trigger::browse;
    standing.older = active.cart_id != facts.cart.id && !lower && (higher || active.anchor_at > facts.cart.last_activity_at);
    return standing;
}

std::string cart_enrollment_id(OpenFacts const& facts) {
    auto const at = to_rfc3339(facts.cart.last_activity_at);
    if (facts.sequence.trigger == Trigger::cart) return stable_id("enr", {facts.shop.id, facts.cart.id, at});
    return stable_id("enr", {facts.shop.id, facts.cart.id, at, name(facts.sequence.trigger)});
}

}  // namespace

bool reachable(Person const& person) { return !contact_of(nullptr, person).empty(); }

Arm arm_of(Shop const& shop, Cart const* cart, Person const& person, Policy const& policy) {
    return assign_arm(shop.id, person, contact_of(cart, person), policy.holdout_share);
}

std::optional<Instant> watch_until(Cart const& cart, Person const& person, Policy const& policy) {
    if (!cart.content.known() || cart.empty() || cart.deleted() || ordered(cart, person, policy) ||
        !reachable(cart, person))
        return std::nullopt;
    return cart.last_activity_at + policy.idle;
}

std::vector<PlannedStep> plan_steps(Enrollment const& enrollment, Sequence const& sequence, Instant now, Millis distance) {
    std::vector<PlannedStep> steps;
    for (std::size_t i = 0; i < sequence.steps.size(); ++i) {
        auto const& config = sequence.steps[i];
        PlannedStep step;
        step.enrollment_id = enrollment.id;
        step.plan = enrollment.plan;
        step.step = static_cast<int>(i);
        step.channel = config.channel;
        step.planned_at = enrollment.anchor_at + config.delay;
        step.due_at = std::max(step.planned_at, now);
        bool const past = step.planned_at + late_grace < now;
        bool const useful = step.planned_at + config.useful_for > now;
        bool const apart = i + 1 == sequence.steps.size() || enrollment.anchor_at + sequence.steps[i + 1].delay >= now + distance;
        if (!past || (useful && apart)) steps.push_back(std::move(step));
    }
    return steps;
}

Sequence const* sequence_for(Stage stage, std::vector<Sequence> const& sequences) {
    auto const of = [&](Trigger trigger) -> Sequence const* {
        auto const it = std::find_if(sequences.begin(), sequences.end(), [&](Sequence const& one) { return one.trigger == trigger; });
        return it == sequences.end() || it->steps.empty() ? nullptr : &*it;
    };
    if (stage == Stage::browse) return of(Trigger::browse);
    auto const* checkout = stage >= Stage::checkout ? of(Trigger::checkout) : nullptr;
    return checkout != nullptr ? checkout : of(Trigger::cart);
}

bool open_cart(Cart const& cart, Person const& person, Policy const& policy) {
    return !cart.browsed() && cart.content.known() && !cart.empty() && !cart.deleted() && !ordered(cart, person, policy);
}

bool open_beside(Cart const& browsed, std::vector<Cart> const& others, Person const& person, Policy const& policy) {
    constexpr Millis stays_open = std::chrono::days{30};
    return browsed.browsed() && std::any_of(others.begin(), others.end(), [&](Cart const& other) {
        return open_cart(other, person, policy) && other.last_activity_at + stays_open > browsed.last_activity_at;
    });
}

bool outgrown(Enrollment const& enrollment, Cart const& cart, Person const& person, std::vector<Sequence> const& sequences,
              Policy const& policy) {
    if (lane(enrollment.trigger) != Trigger::cart || enrollment.person_id != cart.person_id || !open_cart(cart, person, policy))
        return false;
    if (enrollment.trigger == Trigger::browse) return true;
    auto const* own = sequence_for(cart.stage, sequences);
    return enrollment.trigger == Trigger::cart && enrollment.cart_id == cart.id && own != nullptr &&
           own->trigger == Trigger::checkout && cart.last_activity_at > enrollment.opened_at;
}

Opening open_for_cart(OpenFacts const& facts, Policy const& policy) {
    Opening out;
    Check check{out.trace, std::nullopt};
    Cart const& cart = facts.cart;
    check.forbid_if(facts.shop.uninstalled_at != never, "shop_installed", "", Reason::uninstalled);
    check.forbid_if(ordered(cart, facts.person, policy), "not_ordered", "", Reason::ordered);
    check.forbid_if(cart.deleted(), "checkout_not_deleted", "", Reason::cart_deleted);
    check.forbid_if(!cart.content.known() || cart.empty(), "cart_not_empty",
                    std::to_string(cart.content.value.lines.size()) + " lines", Reason::cart_emptied);
    check.forbid_if(!reachable(cart, facts.person), "person_reachable", "", Reason::no_address);
    check.forbid_if(facts.other_cart_open, "no_cart_is_open", "", Reason::superseded);
    check.forbid_if(!cart.browsed() && value_of(cart) < policy.value_floor_minor, "value_at_or_above_the_floor",
                    std::to_string(value_of(cart)) + " minor units", Reason::below_floor);
    ask_customer(check, facts, policy);
    auto const standing = standing_of(facts, policy);
    check.forbid_if(standing.goes_on && facts.active->any_sent, "no_message_sent_yet", "", Reason::superseded);
    bool const restless = standing.goes_on && facts.active->plan > policy.max_restarts;
    check.forbid_if(restless, "restarts_within_cap", standing.goes_on ? std::to_string(facts.active->plan - 1) : "0", Reason::restarts_used);
    check.forbid_if(standing.older, "newest_intent_of_the_person", "", Reason::superseded);
    auto const idle_at = cart.last_activity_at + policy.idle;
    if (!facts.predicted)
        check.forbid_if(facts.now < idle_at, "idle", "since " + to_rfc3339(cart.last_activity_at), Reason::idle);
    if (check.stop) {
        out.reason = *check.stop;
        return out;
    }
    // Opened early, everything follows early; by the idle rule the anchor is the last activity itself.
    auto const anchor = facts.predicted && facts.now < idle_at ? std::min(facts.now, idle_at) - policy.idle
                                                               : cart.last_activity_at;
    out.reason = facts.predicted && facts.now < idle_at ? Reason::predicted : Reason::idle;
    if (standing.goes_on) {
        out.replan = true;
        out.enrollment = *facts.active;
        ++out.enrollment.plan;
    } else {
        out.open = true;
        out.supersedes = facts.active.has_value();
        out.enrollment = fresh(cart_enrollment_id(facts), facts.shop, facts.person, facts.sequence, policy, &cart, facts.now);
        out.enrollment.cart_id = cart.id;
        out.enrollment.reason = out.reason;
        if (facts.first_arm) out.enrollment.arm = *facts.first_arm;   // two persons that became one keep the earliest
    }
    out.enrollment.anchor_at = anchor;
    out.enrollment.value_minor = cart.content.value.subtotal_minor;
    out.enrollment.currency = cart.content.value.currency;
    plan_or_refuse(out, out.replan && facts.running ? *facts.running : facts.sequence, policy, facts.now);
    return out;
}

Opening open_for_payment(Shop const& shop, Payment const& payment, Person const& person,
                         std::optional<Enrollment> const& active, Sequence const& sequence, Policy const& policy, Instant now) {
    Opening out;
    Check check{out.trace, std::nullopt};
    check.forbid_if(shop.uninstalled_at != never, "shop_installed", "", Reason::uninstalled);
    check.forbid_if(!payment.open(), "payment_failed_and_not_paid", "", payment.void_at == never ? Reason::paid : Reason::order_cancelled);
    auto const other = payment.test ? std::optional<std::string_view>("test")
                                    : not_a_customer(person, address_for(Channel::email, nullptr, &payment, person), policy);
    check.forbid_if(other.has_value(), "a_customer", std::string(other.value_or("")), Reason::not_a_customer);
    bool const same = active && active->payment_id == payment.id;
    check.forbid_if(same, "no_enrollment_for_this_payment_yet", "", Reason::superseded);
    bool const older = active && !same && active->anchor_at > payment.failed_at();
    check.forbid_if(older, "newest_failure_of_the_person", "", Reason::superseded);
    if (check.stop) {
        out.reason = *check.stop;
        return out;
    }
    out.open = true;
    out.supersedes = active.has_value();
    out.reason = Reason::payment_failed;
    out.enrollment = fresh(stable_id("enr", {shop.id, "payment", payment.id, to_rfc3339(payment.failed_at())}), shop, person,
                           sequence, policy, nullptr, now);
    out.enrollment.payment_id = payment.id;
    out.enrollment.reason = out.reason;
    out.enrollment.anchor_at = payment.failed_at();
    out.enrollment.value_minor = payment.amount.value.minor;
    out.enrollment.currency = payment.amount.value.currency;
    plan_or_refuse(out, sequence, policy, now);
    return out;
}

Opening open_for_cancelled(Shop const& shop, Person const& person, std::optional<Enrollment> const& active,
                           Sequence const& sequence, Policy const& policy, Instant now) {
    Opening out;
    Check check{out.trace, std::nullopt};
    auto const* subscription = newest_cancelled(person);
    auto const at = subscription == nullptr ? never : subscription->cancelled_at;
    check.forbid_if(shop.uninstalled_at != never, "shop_installed", "", Reason::uninstalled);
    check.forbid_if(at == never || subscribed_since(person, at), "no_subscription_lives", "", Reason::subscribed);
    check.forbid_if(ordered_since(person, at), "not_ordered_since", "", Reason::ordered);
    check.forbid_if(active && active->anchor_at >= at, "newest_cancellation", "", Reason::superseded);
    if (check.stop) {
        out.reason = *check.stop;
        return out;
    }
    out.open = true;
    out.supersedes = active.has_value();
    out.reason = Reason::subscription_cancelled;
    out.enrollment = fresh(stable_id("enr", {shop.id, "cancelled", person.id, to_rfc3339(at)}), shop, person, sequence, policy,
                           nullptr, now);
    out.enrollment.reason = out.reason;
    out.enrollment.anchor_at = at;
    plan_or_refuse(out, sequence, policy, now);
    return out;
}

std::optional<Reason> end_of(Enrollment const& enrollment, Cart const* cart, Payment const* payment, Person const& person,
                             Shop const& shop, Policy const& policy) {
    if (person.id.empty()) return Reason::erased;
    if (shop.uninstalled_at != never) return Reason::uninstalled;
    if (payment != nullptr && payment->paid_at != never) return Reason::paid;
    if (payment != nullptr && payment->void_at != never) return Reason::order_cancelled;
    bool const won_back = enrollment.trigger == Trigger::subscription_cancelled;
    if (won_back && subscribed_since(person, enrollment.anchor_at)) return Reason::subscribed;
    if (cart == nullptr) {
        // The cart itself is not at hand: the person's orders still tell.
        bool const by_order = won_back || (lane(enrollment.trigger) == Trigger::cart && policy.order_covers <= 0);
        return by_order && ordered_since(person, enrollment.anchor_at) ? std::optional(Reason::ordered) : std::nullopt;
    }
    if (ordered(*cart, person, policy)) return Reason::ordered;
    if (cart->deleted()) return Reason::cart_deleted;
    if (cart->empty()) return Reason::cart_emptied;
    return std::nullopt;
}

}  // namespace recoup::core
