#pragma once
// Whether the incentive of a step is given, at the moment of sending.

#include "core/policy/facts.hpp"

namespace recoup::core {

/// Why the step's incentive is kept back: the shop has a sale of its own, or the cart a discount already (discounts are not
/// stacked), or it is about a failed payment. nullopt: it is given, or the step has none.
std::optional<std::string> kept_back(SendFacts const& facts);

}  // namespace recoup::core
