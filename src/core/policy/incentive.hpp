#pragma once
// What a step may promise at this moment: the incentive of its slot for this cart, unless its coupon is known to be of no use.

#include "core/policy/facts.hpp"

#include <optional>
#include <string>

namespace recoup::core {

struct Offer {
    Incentive incentive;    // percent 0 = none
    std::string lost;       // why what the step is about cannot be given; empty = it can, or there is nothing to give
};

/// `cart` is what can be bought now.
Offer offer_of(SendFacts const& facts, CartContent const& cart);

/// The band of `bands` that a cart of this worth is in, the first that holds; empty = none.
std::string band_of(std::vector<Band> const& bands, std::int64_t minor, std::string const& currency);

/// Whether an amount lies from `from` up to but not including `below`, decimals in its currency, empty = no such end.
bool lies_within(std::int64_t minor, std::string const& currency, std::string_view from, std::string_view below);

/// Why the step's incentive is kept back: the shop has a sale of its own, or the cart a discount already (discounts are not
/// stacked), or it is about a failed payment. nullopt: it is given, or the step has none.
std::optional<std::string> kept_back(SendFacts const& facts);

}  // namespace recoup::core
