#pragma once
// One thing the simulated store or one of its shoppers does, at a simulated time.

#include "recoup/base/time.hpp"

#include <string>

namespace recoup::demo {

enum class ActionKind : unsigned char {
    shopify,       // a signed Shopify webhook
    custom,        // a signed custom event
    pixel,         // a batch of behaviour from the browser
    unsubscribe,   // one-click on the newest message's unsubscribe link
    click,         // the newest message's link back to the cart
};

/// What the daemon has been told for good once the action is acknowledged. The invariants are about these.
enum class Fact : unsigned char { nothing, cart_seen, ordered, paid, emptied, email_revoked, sms_revoked };

struct Action {
    ActionKind kind = ActionKind::shopify;
    int shopper = -1;              // index into Plan::shoppers; -1 = the store itself
    Instant occurred_at{};         // what the body says
    Instant deliver_at{};          // when it reaches the daemon
    std::string id;                // of the delivery: the same when it is sent again
    std::string topic;             // Shopify topic or event type
    std::string body;
    Fact fact = Fact::nothing;
    bool only_if_contacted = false;  // happens only when a message reached the shopper before deliver_at
};

}  // namespace recoup::demo
