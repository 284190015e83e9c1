#pragma once
// World: the state of one shop, or of the part of it that a batch of events can touch. The fold changes it; stores load
// and save it; training and tests hold all of it in memory.

#include "recoup/domain/cart.hpp"
#include "recoup/domain/order.hpp"
#include "recoup/domain/person.hpp"

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace recoup {

using StockKey = std::pair<std::string, std::string>;   // inventory item, location

using KeyOwners = std::unordered_map<IdentityKey, std::string, IdentityKeyHash>;

struct World {
    std::string shop_id;
    std::map<std::string, Person> persons;
    std::map<std::string, Cart> carts;
    std::map<std::string, Order> orders;
    std::map<std::string, Payment> payments;
    std::map<std::string, Versioned<Variant>> variants;
    std::map<StockKey, Versioned<std::int64_t>> stock;
    std::map<std::string, Versioned<Coupon>> coupons;   // by coupon_key
    KeyOwners person_of;
    KeyOwners cart_of;                               // cart_token, checkout_token and browse only
    std::map<std::string, Instant> erased;           // key_hash -> when
    Instant uninstalled_at{};
    Instant shop_erased_at{};
    bool follows_browsing = false;                   // the shop wants intents of stage browse
};

struct Suppression {
    Channel channel = Channel::email;
    std::string address_hash;
    std::string cause;
    Instant since{};
    bool lift = false;               // a renewed opt-in by the person ends it
};

/// What a run of the fold touched, for the store and the planner.
struct Changes {
    std::set<std::string> persons, carts, orders, payments, variants, coupons;
    std::set<std::string> cancelled;                       // persons whose newest cancellation this run brought
    std::set<StockKey> stock;
    std::set<IdentityKey> person_keys, cart_keys;          // keys whose owner changed
    std::vector<std::pair<std::string, std::string>> merged_persons, merged_carts;   // (gone, survivor)
    std::set<std::string> erased_persons;
    std::set<std::string> erased_keys;                     // hashes
    std::set<IdentityKey> freed_keys;                      // of erased persons and their carts: nobody's before this run's own
    std::vector<Suppression> suppressions;
    std::vector<std::pair<std::string, std::string>> exports;   // (request id, person id)
    std::vector<std::pair<Instant, MessageFeedback>> feedback;
    std::set<std::pair<std::string, std::string>> marks;        // (mark, order id): weak signs of an order (core/mark)
    bool uninstalled = false, shop_erased = false;
};

/// Salted by kind and shop: what stays of an erased or suppressed address.
std::string key_hash(std::string_view shop_id, IdentityKey const& key);
std::string address_hash(std::string_view shop_id, Channel channel, std::string_view address);

}  // namespace recoup
