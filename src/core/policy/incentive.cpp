#include "core/policy/incentive.hpp"

namespace recoup::core {

std::optional<std::string> kept_back(SendFacts const& facts) {
    if (facts.config.incentive.percent <= 0) return std::nullopt;
    if (facts.payment) return "a declined card says nothing about the price";
    if (facts.on_sale) return "the shop has a sale";
    if (facts.cart && !facts.cart->content.value.discount_codes.empty()) return "the cart has a discount of its own";
    return std::nullopt;
}

}  // namespace recoup::core
