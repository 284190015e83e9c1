#pragma once
// A simulated shopper: who they are and what is in their mind. Drawn from the seed and their number alone, so that a
// shopper stays the same however many others there are.

#include "app/demo/catalog.hpp"

#include "recoup/base/time.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace recoup::demo {

enum class Persona : unsigned char {
    buyer,            // buys at once
    browser,          // fills a cart, never says who they are
    emptier,          // empties the cart again
    declined,         // the card is declined, pays later
    stranded,         // the card is declined, never pays
    responder,        // leaves, and comes back some hours after a message, if there was one
    organic,          // leaves, and comes back unasked
    leaver,           // leaves for good
    objector,         // leaves, and unsubscribes from the first message
};
std::string_view name(Persona persona);

struct Region {
    std::string_view country, code, postal_code, city;
};

struct Shopper {
    int number = 0;
    Persona persona = Persona::leaver;
    bool custom_store = false;        // speaks through custom events instead of Shopify webhooks
    std::string first_name, last_name;
    std::string email, phone;         // empty = never given
    bool email_consent = false, sms_consent = false;
    bool consent_by_topic = false;    // Shopify: said by the consent topics instead of the checkout's tick-boxes
    Region region{};
    std::int64_t customer_id = 0, order_id = 0;
    std::string cart_token, checkout_token, order_token, anonymous_id, session_id;
    Basket basket;
    bool edits = false, refunds = false, cancels = false, clicks = false;
    Millis arrives{};                 // after the demo's start
    int answers_step = 1;             // responder: the step they answer to, from 1
    Millis hesitates{};               // responder, organic, declined: how long until they buy
};

/// As the shopper's store names their order.
std::string order_name(Shopper const& shopper);

Shopper draw_shopper(std::uint64_t seed, int number);

}  // namespace recoup::demo
