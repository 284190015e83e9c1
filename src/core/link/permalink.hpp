#pragma once
// A way back to a cart when the store gave no recovery link of its own (reference: wire.md 4.5).

#include "recoup/domain/cart.hpp"
#include "recoup/domain/order.hpp"
#include "recoup/domain/person.hpp"
#include "recoup/domain/shop.hpp"

#include <span>
#include <string>
#include <string_view>

namespace recoup::core {

/// "https://<domain>/cart/<variant>:<quantity>,..." when every variant id is a number, as Shopify's are; else
/// "https://<domain>/cart". `discount_code` is applied when it is plain.
std::string cart_permalink(std::string_view domain, std::span<Line const> lines, std::string_view discount_code = {});

/// What a message is about; null what it is not.
struct LinkSubject {
    Cart const* cart = nullptr;
    Payment const* payment = nullptr;
    Subscription const* subscription = nullptr;
};

/// Where a message's links lead: the store's own recovery URL, else the cart's permalink. What was only looked at leads to the
/// page of the first product, for nobody has put it into a cart.
std::string link_target(Shop const& shop, LinkSubject const& about, std::string_view discount_code = {});

}  // namespace recoup::core
