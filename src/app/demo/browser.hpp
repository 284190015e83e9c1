#pragma once
// What the pixel in a shopper's browser reports. It feeds the four signals: time against value, scroll depth with
// hesitation, payment method cycling and tab switching.

#include "app/demo/action.hpp"
#include "app/demo/shopper.hpp"

#include "recoup/base/random.hpp"

namespace recoup::demo {

/// Looking around, up to the cart.
Action browsing_batch(Shopper const& shopper, Instant at, Random& random);
/// The checkout. Those who leave hesitate longer, change the payment method more often and hide the tab.
Action checkout_batch(Shopper const& shopper, Instant at, Random& random);

}  // namespace recoup::demo
