#pragma once
// The cart as it can be bought at this moment: sold-out lines have left, prices are the store's current ones, and what was
// only looked at has got its names, pictures and prices.

#include "recoup/domain/cart.hpp"

#include <map>
#include <string>

namespace recoup::core {

/// What the store said of its variants, by variant id, and of whole products (whole_product). `available` is what can be bought
/// now: 0 when the variant is not on sale, nullopt when it is not limited.
using Goods = std::map<std::string, Versioned<Variant>>;

/// Goods that nothing is known of count as they stand in the cart; of what was only looked at they are left out. A price is
/// replaced when the store's is newer than the cart, in its currency, and differs from the line's list price. Subtotal and total
/// follow; the currency is filled in.
CartContent true_content(Cart const& cart, Goods const& goods, std::string const& shop_currency);

}  // namespace recoup::core
