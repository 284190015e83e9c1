#pragma once
// What somebody looks at without a cart is an intent of stage browse: a cart whose lines are the products, known by what one
// browser did in one session. Names, prices and pictures are not taken from the browser; they are the store's own product
// data at the moment of sending (core/policy/truth.hpp).

#include "recoup/domain/cart.hpp"
#include "recoup/domain/event.hpp"

#include <optional>

namespace recoup::core {

/// Under which key the intent of a product view is found; nullopt: the event makes none. It is a hash of the browser's
/// anonymous id and the session, so that a session id that many browsers share joins nobody.
std::optional<IdentityKey> browse_key(Event const& event);

/// The view as part of the intent. Ends equal for every order of views.
void see_product(Cart& intent, BehaviourSeen const& view, Instant at);

}  // namespace recoup::core
