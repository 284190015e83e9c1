#pragma once
// A way back to a cart when the store gave no recovery link of its own (reference: wire.md 4.5).

#include "recoup/domain/cart.hpp"
#include "recoup/domain/order.hpp"
#include "recoup/domain/shop.hpp"

#include <span>
#include <string>
#include <string_view>

namespace recoup::core {

/// "https://<domain>/cart/<variant>:<quantity>,..." when every variant id is a number, as Shopify's are; else
/// "https://<domain>/cart". `discount_code` is applied when it is plain.
std::string cart_permalink(std::string_view domain, std::span<Line const> lines, std::string_view discount_code = {});

/// Where a message's links lead: the store's own recovery URL of the cart or payment (`cart` and `payment` may be null),
/// else the cart's permalink.
std::string link_target(Shop const& shop, Cart const* cart, Payment const* payment, std::string_view discount_code = {});

}  // namespace recoup::core
