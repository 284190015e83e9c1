#include "core/plan/plan.hpp"

#include "core/policy/bought.hpp"
#include "core/policy/customer.hpp"

#include "recoup/base/digest.hpp"

#include <algorithm>

namespace recoup::core {
namespace {

constexpr Millis late_grace = std::chrono::minutes{10};

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
void refuse_empty_plan(Opening& out) {
    out.trace.push_back(TraceEntry{"a_step_is_still_useful", !out.steps.empty(), std::to_string(out.steps.size()) + " steps"});
    if (!out.steps.empty()) return;
    out.open = out.replan = out.supersedes = false;
    out.reason = Reason::too_late;
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

std::vector<PlannedStep> plan_steps(Enrollment const& enrollment, Sequence const& sequence, Instant now) {
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
        if (step.planned_at + late_grace >= now) steps.push_back(std::move(step));
    }
    return steps;
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
    check.forbid_if(value_of(cart) < policy.value_floor_minor, "value_at_or_above_the_floor",
                    std::to_string(value_of(cart)) + " minor units", Reason::below_floor);
    ask_customer(check, facts, policy);
    bool const same = facts.active && facts.active->cart_id == cart.id;
    check.forbid_if(same && facts.active->any_sent, "no_message_sent_yet", "", Reason::superseded);
    bool const restless = same && facts.active->plan > policy.max_restarts;
    check.forbid_if(restless, "restarts_within_cap", same ? std::to_string(facts.active->plan - 1) : "0", Reason::restarts_used);
    bool const older = facts.active && !same && facts.active->anchor_at > cart.last_activity_at;
    check.forbid_if(older, "newest_intent_of_the_person", "", Reason::superseded);
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
    if (same) {
        out.replan = true;
        out.enrollment = *facts.active;
        ++out.enrollment.plan;
    } else {
        out.open = true;
        out.supersedes = facts.active.has_value();
        out.enrollment = fresh(stable_id("enr", {facts.shop.id, cart.id, to_rfc3339(cart.last_activity_at)}), facts.shop,
                               facts.person, facts.sequence, policy, &cart, facts.now);
        out.enrollment.cart_id = cart.id;
        out.enrollment.reason = out.reason;
        if (facts.first_arm) out.enrollment.arm = *facts.first_arm;   // two persons that became one keep the earliest
    }
    out.enrollment.anchor_at = anchor;
    out.enrollment.value_minor = cart.content.value.subtotal_minor;
    out.enrollment.currency = cart.content.value.currency;
    out.steps = plan_steps(out.enrollment, facts.sequence, facts.now);
    refuse_empty_plan(out);
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
    out.steps = plan_steps(out.enrollment, sequence, now);
    refuse_empty_plan(out);
    return out;
}

std::optional<Reason> end_of(Enrollment const& enrollment, Cart const* cart, Payment const* payment, Person const& person,
                             Shop const& shop, Policy const& policy) {
    if (person.id.empty()) return Reason::erased;
    if (shop.uninstalled_at != never) return Reason::uninstalled;
    if (payment != nullptr && payment->paid_at != never) return Reason::paid;
    if (payment != nullptr && payment->void_at != never) return Reason::order_cancelled;
    if (cart == nullptr) {
        // The cart itself is not at hand: the person's orders still tell.
        if (enrollment.trigger == Trigger::cart)
            for (auto const& [id, order] : person.orders)
                if (by_visit(order) && policy.order_covers <= 0 && order.placed_at >= enrollment.anchor_at) return Reason::ordered;
        return std::nullopt;
    }
    if (ordered(*cart, person, policy)) return Reason::ordered;
    if (cart->deleted()) return Reason::cart_deleted;
    if (cart->empty()) return Reason::cart_emptied;
    return std::nullopt;
}

}  // namespace recoup::core
