// Who an event is about: resolving keys to one person and tokens to one cart, merging where they meet.
#include "core/fold/fold.hpp"
#include "core/fold/merge.hpp"

#include "recoup/base/digest.hpp"

#include <algorithm>

namespace recoup::core {

/// True for an event about somebody who was erased after it happened. All its keys count as erased from then on, and
/// what was known under them alone goes too: whichever order things arrive in, nothing of the person is left.
bool Fold::about_erased(Event const& event) {
    if (world_.erased.empty()) return false;
    Instant erased_at{};
    for (auto const& key : event.keys)
        if (auto const it = world_.erased.find(key_hash(world_.shop_id, key));
            it != world_.erased.end() && event.occurred_at <= it->second)
            erased_at = std::max(erased_at, it->second);
    if (erased_at == never) return false;
    std::set<std::string> persons;
    for (auto const& key : event.keys)
        if (auto const it = world_.person_of.find(key); it != world_.person_of.end())
            if (world_.persons.at(it->second).last_seen_at <= erased_at)   // else: has come back since
                persons.insert(it->second);
    forget(event.keys, persons, erased_at);
    return true;
}

std::string Fold::person_for(Keys const& keys, Event const& event) {
    std::set<std::string> found;
    for (auto const& key : keys)
        if (auto const it = world_.person_of.find(key); it != world_.person_of.end()) found.insert(it->second);
    std::string id;
    if (found.empty()) {
        auto const& first = *std::min_element(keys.begin(), keys.end());
        id = stable_id("per", {world_.shop_id, name(first.kind), first.value, to_rfc3339(event.occurred_at)});
        world_.persons[id].id = id;
    } else {
        id = *found.begin();
        found.erase(found.begin());
    }
    Person& person = world_.persons.at(id);
    for (auto const& other : found) {
        merge(person, world_.persons.at(other));
        for (auto const& key : world_.persons.at(other).keys) {
            world_.person_of[key] = id;
            changes_.person_keys.insert(key);
        }
        world_.persons.erase(other);
        changes_.persons.erase(other);
        changes_.merged_persons.emplace_back(other, id);
        for (auto& [cart_id, cart] : world_.carts)
            if (cart.person_id == other) cart.person_id = id;
        for (auto& [order_id, order] : world_.orders)
            if (order.person_id == other) order.person_id = id;
        for (auto& [payment_id, payment] : world_.payments)
            if (payment.person_id == other) payment.person_id = id;
    }
    for (auto const& key : keys) {
        if (!person.keys.insert(key).second) continue;
        world_.person_of[key] = id;
        changes_.person_keys.insert(key);
    }
    changes_.persons.insert(id);
    return id;
}

std::string Fold::cart_for(Keys const& keys, std::string const& person_id, bool create) {
    std::set<IdentityKey> tokens;
    std::set<std::string> found;
    for (auto const& key : keys) {
        if (key.kind != KeyKind::cart_token && key.kind != KeyKind::checkout_token) continue;
        tokens.insert(key);
        if (auto const it = world_.cart_of.find(key); it != world_.cart_of.end()) found.insert(it->second);
    }
    if (tokens.empty() || (found.empty() && !create)) return {};
    std::string id;
    if (found.empty()) {
        id = stable_id("cart", {world_.shop_id, name(tokens.begin()->kind), tokens.begin()->value});
        world_.carts[id].id = id;
    } else {
        id = *found.begin();
        found.erase(found.begin());
    }
    Cart& cart = world_.carts.at(id);
    for (auto const& other : found) {
        merge(cart, world_.carts.at(other));
        for (auto const& token : world_.carts.at(other).tokens) {
            world_.cart_of[token] = id;
            changes_.cart_keys.insert(token);
        }
        world_.carts.erase(other);
        changes_.carts.erase(other);
        changes_.merged_carts.emplace_back(other, id);
        for (auto& [order_id, order] : world_.orders)
            if (order.cart_id == other) order.cart_id = id;
    }
    for (auto const& token : tokens) {
        if (!cart.tokens.insert(token).second) continue;
        world_.cart_of[token] = id;
        changes_.cart_keys.insert(token);
    }
    cart.person_id = person_id;
    changes_.carts.insert(id);
    return id;
}

void Fold::erase_person(Keys const& keys, Event const& event) {
    std::set<std::string> persons;
    for (auto const& key : keys)
        if (auto const it = world_.person_of.find(key); it != world_.person_of.end()) persons.insert(it->second);
    forget(keys, persons, event.occurred_at);
}

void Fold::forget(Keys const& keys, std::set<std::string> const& persons, Instant erased_at) {
    std::set<std::string> hashes;
    for (auto const& key : keys) hashes.insert(key_hash(world_.shop_id, key));
    for (auto const& id : persons) {
        for (auto const& own : world_.persons.at(id).keys) {
            hashes.insert(key_hash(world_.shop_id, own));
            world_.person_of.erase(own);
            if (auto const cart = world_.cart_of.find(own); cart != world_.cart_of.end()) {
                world_.carts.erase(cart->second);
                changes_.carts.erase(cart->second);
                world_.cart_of.erase(cart);
            }
            changes_.person_keys.erase(own);
            changes_.cart_keys.erase(own);
            changes_.freed_keys.insert(own);
        }
        forget_browsing(id);
        forget_money(id);
        world_.persons.erase(id);
        changes_.persons.erase(id);
        changes_.erased_persons.insert(id);
    }
    for (auto const& hash : hashes) {
        world_.erased[hash] = std::max(world_.erased[hash], erased_at);
        changes_.erased_keys.insert(hash);
    }
}

/// Intents of stage browse are under no key of the person's own.
void Fold::forget_browsing(std::string const& person_id) {
    for (auto it = world_.carts.begin(); it != world_.carts.end();) {
        auto const& cart = it->second;
        if (!cart.browsed() || cart.person_id != person_id) {
            ++it;
            continue;
        }
        for (auto const& token : cart.tokens) {
            world_.cart_of.erase(token);
            changes_.cart_keys.erase(token);
            changes_.freed_keys.insert(token);
        }
        changes_.carts.erase(it->first);
        it = world_.carts.erase(it);
    }
}

/// Orders stay for the counts, without what names the person.
void Fold::forget_money(std::string const& person_id) {
    std::erase_if(world_.payments, [&](auto const& entry) { return entry.second.person_id == person_id; });
    std::erase_if(changes_.payments, [&](auto const& payment) { return !world_.payments.contains(payment); });
    for (auto& [order_id, order] : world_.orders) {
        if (order.person_id != person_id) continue;
        order.keys.clear();
        order.placed.value.first_name.clear();
        order.placed.value.last_name.clear();
        order.placed.value.postal_code.clear();
        order.placed.value.address_mark.clear();
        order.email = order.phone = {};
        changes_.orders.insert(order_id);
    }
}

}  // namespace recoup::core
