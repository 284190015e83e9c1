#include "core/policy/wanted.hpp"

namespace recoup::core {

void GoodsWanted::add(Cart const& cart) {
    for (auto const& line : cart.content.value.lines) {
        if (!line.variant_id.empty()) variants.insert(line.variant_id);
        if (line.product_id.empty()) continue;
        variants.insert(whole_product(line.product_id));
        if (cart.browsed()) products.insert(line.product_id);
    }
}

std::set<std::string> coupons_of(Sequence const& sequence) {
    std::set<std::string> keys;
    auto const add = [&](Incentive const& incentive) {
        if (!incentive.code.empty()) keys.insert(coupon_key(incentive.code));
    };
    for (auto const& step : sequence.steps) add(step.incentive);
    for (auto const& slot : sequence.slots)
        for (auto const& fill : slot.fills) add(fill.incentive);
    return keys;
}

}  // namespace recoup::core
