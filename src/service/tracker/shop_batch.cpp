#include "service/tracker/shop_batch.hpp"

#include "core/fold/browse.hpp"
#include "core/plan/plan.hpp"
#include "core/statistics/other_mail.hpp"

#include "recoup/base/digest.hpp"

#include <algorithm>
#include <unordered_set>

namespace recoup::service {
namespace {

std::string survivor(std::vector<std::pair<std::string, std::string>> const& merges, std::string id) {
    for (auto const& [gone, into] : merges)   // in the order in which they happened
        if (gone == id) id = into;
    return id;
}

Sequence const* sequence_for(TrackState const& state, Trigger trigger) {
    for (auto const& sequence : state.sequences)
        if (sequence.trigger == trigger && !sequence.steps.empty()) return &sequence;
    return nullptr;
}

/// A shop without a sequence for recurring payments treats them as others.
Sequence const* sequence_for(TrackState const& state, Payment const& payment) {
    auto const* recurring = sequence_for(state, Trigger::recurring_payment_failure);
    return payment.kind == PaymentKind::recurring && recurring != nullptr ? recurring
                                                                          : sequence_for(state, Trigger::payment_failure);
}

Decision ending(Enrollment const& enrollment, Reason reason, Instant now) {
    Decision decision;
    decision.id = stable_id("dec", {enrollment.id, "end", name(reason), to_rfc3339(now)});
    decision.subject = "enrollment";
    decision.verdict = Verdict::end;
    decision.reason = reason;
    decision.at = now;
    decision.enrollment_id = enrollment.id;
    decision.person_id = enrollment.person_id;
    decision.cart_id = enrollment.cart_id;
    decision.sequence_version = enrollment.sequence_version;
    return decision;
}

}  // namespace

ShopBatch::ShopBatch(std::string shop_id, core::Policy const& policy, Scorer const& scorer, Instant now)
    : policy_(policy), scorer_(scorer), now_(now), fold_(world_) {
    world_.shop_id = std::move(shop_id);
}

void ShopBatch::add(Event event) { events_.push_back(std::move(event)); }

TrackWant ShopBatch::want() const {
    TrackWant want;
    want.shop_id = world_.shop_id;
    if (policy_.risk_mode == core::RiskMode::automatic) want.abandonments_up_to = policy_.risk_min_abandonments;
    for (auto const& event : events_) {
        want.event_ids.push_back(event.id);
        want.keys.insert(event.keys.begin(), event.keys.end());
        if (auto const intent = core::browse_key(event)) want.keys.insert(*intent);
        if (auto const* order = std::get_if<OrderPlaced>(&event.body)) {
            want.order_ids.insert(order->order_id);
            want.payment_ids.insert(order->order_id);
        } else if (auto const* refund = std::get_if<OrderRefunded>(&event.body)) {
            want.order_ids.insert(refund->order_id);
        } else if (auto const* payment = std::get_if<PaymentChanged>(&event.body)) {
            want.order_ids.insert(payment->payment_id);
            want.payment_ids.insert(payment->payment_id);
        } else if (auto const* product = std::get_if<ProductChanged>(&event.body)) {
            for (auto const& variant : product->variants) want.variant_ids.insert(variant.variant_id);
        } else if (auto const* stock = std::get_if<StockChanged>(&event.body)) {
            want.inventory_item_ids.insert(stock->inventory_item_id);
        } else if (auto const* coupon = std::get_if<CouponChanged>(&event.body)) {
            want.coupon_keys.insert(coupon_key(coupon->coupon.code));
        }
    }
    return want;
}

TrackWrite ShopBatch::fold(TrackState const& state) {
    TrackWrite write;
    world_.follows_browsing = sequence_for(state, Trigger::browse) != nullptr;
    apply_events(state, write);
    end_enrollments(state, write);
    note_reached(state, write);
    watch_carts(state, write);
    open_payments(state, write);
    open_cancelled(state, write);
    return write;
}

void ShopBatch::apply_events(TrackState const& state, TrackWrite& write) {
    for (auto const& [id, person] : world_.persons)
        if (!core::reachable(person)) mute_.push_back(id);
    std::unordered_set<std::string_view> seen(state.seen_event_ids.begin(), state.seen_event_ids.end());
    for (auto const& event : events_) {
        if (!seen.insert(event.id).second) {
            ++duplicates_;
            continue;
        }
        note_order(event);
        auto const result = fold_.apply(event);
        InboxRow row;
        row.event = &event;
        row.person_id = result.person_id;
        row.cart_id = result.cart_id;
        write.inbox.push_back(std::move(row));
    }
    for (auto& row : write.inbox) {
        row.person_id = survivor_person(std::move(row.person_id));
        row.cart_id = survivor_cart(std::move(row.cart_id));
        if (!row.person_id.empty() && !world_.persons.contains(row.person_id)) row.person_id.clear();
        if (!row.cart_id.empty() && !world_.carts.contains(row.cart_id)) row.cart_id.clear();
    }
}

/// The first that is heard of an order: whether it came late, and whose mail brought it.
void ShopBatch::note_order(Event const& event) {
    auto const* order = std::get_if<OrderPlaced>(&event.body);
    if (order == nullptr || world_.orders.contains(order->order_id)) return;
    if (order->placed_at != never && event.received_at - order->placed_at > std::chrono::hours{1}) ++learned_late_;
    if (auto const tool = core::other_cart_mail(order->landing_site); !tool.empty()) other_mail_.push_back(tool);
}

/// An address may come after the cart and the failed payment it belongs to: what was left alone or sorted into an arm
/// without it is done again, so that it makes no difference which batch the address came in.
void ShopBatch::note_reached(TrackState const& state, TrackWrite& write) {
    write.idle = policy_.idle;
    std::set<std::string> reached;
    for (auto const& id : mute_) {
        auto const person = world_.persons.find(survivor_person(id));
        if (person != world_.persons.end() && core::reachable(person->second)) reached.insert(person->first);
    }
    write.reached.assign(reached.begin(), reached.end());
    for (auto& enrollment : active_) {
        if (lane(enrollment.trigger) == Trigger::cart || !reached.contains(enrollment.person_id)) continue;
        enrollment.arm = core::arm_of(state.shop, nullptr, world_.persons.at(enrollment.person_id), policy_);
        write.arms[enrollment.id] = enrollment.arm;
    }
}

void ShopBatch::watch_carts(TrackState const& state, TrackWrite& write) {
    bool const acts = core::model_acts(policy_, state.abandonments);
    for (auto const& id : changes().carts) {
        Cart const& cart = world_.carts.at(id);
        Person const& person = world_.persons.at(cart.person_id);
        auto watch = core::watch_until(cart, person, policy_);
        if (watch && !cart.browsed() && scorer_ && policy_.risk_mode != core::RiskMode::off) {
            auto score = scorer_(cart, person, now_, false);
            bool const early = acts && score.risk >= policy_.risk_threshold && now_ < *watch;
            if (early) watch = now_;
            write.scores.emplace(id, std::move(score));
        }
        write.idle_at[id] = watch;
    }
}

void ShopBatch::end_enrollments(TrackState const& state, TrackWrite& write) {
    std::vector<Enrollment> living;
    for (auto enrollment : state.enrollments) {
        enrollment.person_id = survivor_person(std::move(enrollment.person_id));
        enrollment.cart_id = survivor_cart(std::move(enrollment.cart_id));
        auto const person = world_.persons.find(enrollment.person_id);
        auto const cart = world_.carts.find(enrollment.cart_id);
        auto const payment = world_.payments.find(enrollment.payment_id);
        Shop shop = state.shop;
        shop.uninstalled_at = std::max(shop.uninstalled_at, world_.uninstalled_at);
        auto reason = core::end_of(enrollment, cart == world_.carts.end() ? nullptr : &cart->second,
                                         payment == world_.payments.end() ? nullptr : &payment->second,
                                         person == world_.persons.end() ? Person{} : person->second, shop, policy_);
        if (!reason && outgrown(state, enrollment)) reason = Reason::superseded;
        if (!reason) {
            living.push_back(std::move(enrollment));
            continue;
        }
        write.ended.emplace_back(enrollment.id, *reason);
        write.decisions.push_back(ending(enrollment, *reason, now_));
    }
    // Two persons that turn out to be one keep the newest intent.
    std::sort(living.begin(), living.end(), [](Enrollment const& a, Enrollment const& b) {
        return std::tie(b.anchor_at, a.id) < std::tie(a.anchor_at, b.id);
    });
    std::set<std::pair<std::string, Trigger>> taken;
    for (auto& enrollment : living) {
        if (taken.insert({enrollment.person_id, lane(enrollment.trigger)}).second) {
            active_.push_back(std::move(enrollment));
            continue;
        }
        write.ended.emplace_back(enrollment.id, Reason::superseded);
        write.decisions.push_back(ending(enrollment, Reason::superseded, now_));
    }
}

bool ShopBatch::outgrown(TrackState const& state, Enrollment const& enrollment) const {
    auto const person = world_.persons.find(enrollment.person_id);
    if (person == world_.persons.end()) return false;
    auto const& carts = changes().carts;
    return std::any_of(carts.begin(), carts.end(), [&](std::string const& id) {
        return core::outgrown(enrollment, world_.carts.at(id), person->second, state.sequences, policy_);
    });
}

std::optional<Enrollment> ShopBatch::active_of(std::string const& person_id, Trigger trigger) const {
    for (auto const& enrollment : active_)
        if (enrollment.person_id == person_id && enrollment.trigger == trigger) return enrollment;
    return std::nullopt;
}

void ShopBatch::supersede(Enrollment const& gone, TrackWrite& write) {
    auto const is_it = [&](Enrollment const& held) { return held.id == gone.id; };
    if (std::erase_if(write.opened, is_it) > 0)   // by this very batch: it never begins
        std::erase_if(write.steps, [&](PlannedStep const& step) { return step.enrollment_id == gone.id; });
    else
        write.ended.emplace_back(gone.id, Reason::superseded);
    write.decisions.push_back(ending(gone, Reason::superseded, now_));
    std::erase_if(active_, is_it);
}

void ShopBatch::open(core::Opening opening, std::optional<Enrollment> const& active, TrackWrite& write) {
    if (opening.supersedes) supersede(*active, write);
    Decision decision;
    decision.id = stable_id("dec", {opening.enrollment.id, "open"});
    decision.subject = "open";
    decision.verdict = Verdict::open;
    decision.reason = opening.reason;
    decision.at = now_;
    decision.enrollment_id = opening.enrollment.id;
    decision.person_id = opening.enrollment.person_id;
    decision.sequence_version = opening.enrollment.sequence_version;
    decision.trace = std::move(opening.trace);
    write.decisions.push_back(std::move(decision));
    active_.push_back(opening.enrollment);
    write.opened.push_back(std::move(opening.enrollment));
    std::move(opening.steps.begin(), opening.steps.end(), std::back_inserter(write.steps));
}

void ShopBatch::open_payments(TrackState const& state, TrackWrite& write) {
    for (auto const& id : changes().payments) {
        Payment const& payment = world_.payments.at(id);
        auto const person = world_.persons.find(payment.person_id);
        if (!payment.open() || person == world_.persons.end()) continue;
        auto const* sequence = sequence_for(state, payment);
        if (sequence == nullptr) continue;
        auto const active = active_of(payment.person_id, sequence->trigger);
        auto opening = core::open_for_payment(state.shop, payment, person->second, active, *sequence, policy_, now_);
        if (opening.open) open(std::move(opening), active, write);
    }
}

/// Whose subscription is over is asked back, not dunned.
void ShopBatch::open_cancelled(TrackState const& state, TrackWrite& write) {
    auto const* sequence = sequence_for(state, Trigger::subscription_cancelled);
    if (sequence == nullptr) return;
    std::set<std::string> persons;
    for (auto const& id : changes().cancelled) persons.insert(survivor_person(id));
    for (auto const& id : persons) {
        auto const person = world_.persons.find(id);
        if (person == world_.persons.end()) continue;
        auto const active = active_of(id, Trigger::subscription_cancelled);
        auto opening = core::open_for_cancelled(state.shop, person->second, active, *sequence, policy_, now_);
        if (!opening.open) continue;
        if (auto const dunned = active_of(id, Trigger::recurring_payment_failure)) supersede(*dunned, write);
        open(std::move(opening), active, write);
    }
}

std::string ShopBatch::survivor_person(std::string id) const { return survivor(changes().merged_persons, std::move(id)); }
std::string ShopBatch::survivor_cart(std::string id) const { return survivor(changes().merged_carts, std::move(id)); }

}  // namespace recoup::service
