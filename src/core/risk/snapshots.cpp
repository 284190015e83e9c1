#include "core/risk/snapshots.hpp"

#include "core/fold/fold.hpp"
#include "core/policy/customer.hpp"

#include <algorithm>

namespace recoup::core {
namespace {

/// Renewals and tests say nothing of what a visit leads to.
bool counts(PastOrder const& order) { return !order.renewal && !order.test; }

bool ordered_since_made(Cart const& cart, Person const& person) {
    return std::any_of(person.orders.begin(), person.orders.end(),
                       [&](auto const& order) { return counts(order.second) && order.second.placed_at >= cart.created_at; });
}

}  // namespace

void SnapshotTaker::see(Event const& event) {
    advance(event.received_at);
    ++events_;
    Fold fold(world_);
    auto const touched = fold.apply(event);
    for (auto const& [gone, survivor_id] : fold.changes().merged_carts) merged_into_[gone] = survivor_id;
    if (touched.cart_id.empty() || !std::holds_alternative<CartChanged>(event.body)) return;
    look(touched.cart_id, false);
    auto const active_at = world_.carts.at(touched.cart_id).last_activity_at;
    for (auto const idle : idle_moments)
        if (active_at + idle > now_)
            appointments_.emplace(active_at + idle, Appointment{touched.cart_id, active_at, idle == idle_moments[0]});
}

/// Keeps the appointments that fall before `to`.
void SnapshotTaker::advance(Instant to) {
    while (!appointments_.empty() && appointments_.begin()->first <= to) {
        auto const node = appointments_.extract(appointments_.begin());
        now_ = std::max(now_, node.key());
        auto const& kept = node.mapped();
        auto const cart = world_.carts.find(kept.cart_id);
        if (cart == world_.carts.end() || cart->second.last_activity_at != kept.last_activity_at) continue;
        look(kept.cart_id, kept.first && idled_.insert(kept.cart_id).second);
    }
    now_ = std::max(now_, to);
}

void SnapshotTaker::look(std::string const& cart_id, bool first_idle) {
    auto const& cart = world_.carts.at(cart_id);
    auto const person = world_.persons.find(cart.person_id);
    if (person == world_.persons.end()) return;
    if (cart.ordered_at != never || cart.empty() || cart.deleted() || ordered_since_made(cart, person->second)) return;
    Moment const moment(cart, person->second, now_);
    Snapshot snapshot;
    snapshot.person_id = cart.person_id;
    snapshot.cart_id = cart_id;
    snapshot.at = now_;
    snapshot.first_idle = first_idle;
    for (auto const& feature : feature_list()) snapshot.values.push_back(static_cast<float>(feature.value(moment)));
    snapshots_.push_back(std::move(snapshot));
}

std::string SnapshotTaker::survivor(std::string cart_id) const {
    for (auto next = merged_into_.find(cart_id); next != merged_into_.end(); next = merged_into_.find(cart_id))
        cart_id = next->second;
    return cart_id;
}

bool SnapshotTaker::ordered(Snapshot const& snapshot) const {
    auto const within = [&](Instant at) { return at > snapshot.at && at <= snapshot.at + label_window; };
    auto const cart = world_.carts.find(survivor(snapshot.cart_id));
    if (cart == world_.carts.end()) return false;
    if (within(cart->second.ordered_at)) return true;
    auto const person = world_.persons.find(cart->second.person_id);
    if (person == world_.persons.end()) return false;
    return std::any_of(person->second.orders.begin(), person->second.orders.end(),
                       [&](auto const& order) { return counts(order.second) && within(order.second.placed_at); });
}

/// Not from crawlers, staff and tests, nor from carts that are not recovered, with all that is known of them by the end.
bool SnapshotTaker::learns_from(Snapshot const& snapshot) const {
    auto const cart = world_.carts.find(survivor(snapshot.cart_id));
    if (cart == world_.carts.end()) return true;
    if (!recovered_source(cart->second.source_name.value, policy_.sources)) return false;
    auto const person = world_.persons.find(cart->second.person_id);
    return person == world_.persons.end() ||
           !not_a_customer(person->second, address_for(Channel::email, &cart->second, person->second), policy_);
}

std::vector<Snapshot> SnapshotTaker::finish() {
    appointments_.clear();
    std::vector<Snapshot> closed;
    for (auto& snapshot : snapshots_) {
        if (snapshot.at + label_window > now_ || !learns_from(snapshot)) continue;
        snapshot.label = ordered(snapshot) ? 0.0f : 1.0f;
        closed.push_back(std::move(snapshot));
    }
    snapshots_.clear();
    return closed;
}

}  // namespace recoup::core
