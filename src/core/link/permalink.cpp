#include "core/link/permalink.hpp"

#include "core/link/url.hpp"
#include "recoup/base/limits.hpp"

#include <algorithm>

namespace recoup::core {
namespace {

bool number(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

bool plain_code(std::string_view code) {
    return !code.empty() && std::all_of(code.begin(), code.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

std::string product_page(Shop const& shop, Cart const& cart) {
    for (auto const& line : cart.content.value.lines)
        if (http_host(line.url)) return line.url;
    return "https://" + shop.domain;
}

}  // namespace

std::string cart_permalink(std::string_view domain, std::span<Line const> lines, std::string_view discount_code) {
    auto const base = "https://" + std::string(domain) + "/cart";
    auto url = base;
    char glue = '/';
    for (auto const& line : lines) {
        if (!number(line.variant_id)) return base;
        url += glue + line.variant_id + ":" + std::to_string(line.quantity);
        glue = ',';
    }
    if (url.size() > limits::url_bytes - 128) return base;
    if (glue == ',' && plain_code(discount_code)) url += "?discount=" + std::string(discount_code);
    return url;
}

std::string link_target(Shop const& shop, LinkSubject const& about, std::string_view discount_code) {
    auto const* cart = about.cart;
    if (about.payment != nullptr && http_host(about.payment->recovery_url.value)) return about.payment->recovery_url.value;
    if (about.subscription != nullptr && http_host(about.subscription->recovery_url.value))
        return about.subscription->recovery_url.value;
    if (cart == nullptr) return "https://" + shop.domain;
    if (cart->browsed()) return product_page(shop, *cart);
    if (http_host(cart->recovery_url.value)) return cart->recovery_url.value;
    return cart_permalink(shop.domain, cart->content.value.lines, discount_code);
}

}  // namespace recoup::core
