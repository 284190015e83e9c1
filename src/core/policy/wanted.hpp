#pragma once
// Which goods and coupons a decision will look at, for the stores that gather them.

#include "recoup/domain/cart.hpp"
#include "recoup/domain/sequence.hpp"

#include <set>
#include <string>

namespace recoup::core {

/// The lines' variants and products as a whole; of what was only looked at, every variant of the product.
struct GoodsWanted {
    std::set<std::string> variants, products;   // ids; whole_product counts as a variant

    void add(Cart const& cart);
};

/// coupon_key of every incentive that the sequence may give.
std::set<std::string> coupons_of(Sequence const& sequence);

}  // namespace recoup::core
