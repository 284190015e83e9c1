#include "core/policy/truth.hpp"

#include <algorithm>
#include <optional>
#include <tuple>

namespace recoup::core {
namespace {

using Known = Versioned<Variant>;

Known const* find(Goods const& goods, std::string const& variant_id) {
    auto const it = goods.find(variant_id);
    return it == goods.end() ? nullptr : &it->second;
}

/// The product was deleted after the last that was heard of the variant.
bool deleted(Goods const& goods, std::string const& product_id, Known const* variant) {
    auto const* whole = product_id.empty() ? nullptr : find(goods, whole_product(product_id));
    return whole != nullptr && !whole->value.active && (variant == nullptr || whole->version > variant->version);
}

bool sold_out(Known const& variant) { return variant.value.available && *variant.value.available <= 0; }

std::int64_t worth(Line const& line) {
    std::int64_t product = 0;
    return __builtin_mul_overflow(line.price_minor, line.quantity, &product) ? line.price_minor : product;
}

/// A line's own discount is the store's affair: only a list price that moved since says that the price is another.
std::int64_t price_now(Line const& line, Known const* variant, Cart const& cart, std::string const& currency,
                       std::string const& shop_currency) {
    if (variant == nullptr || line.gift_card || variant->value.price_minor <= 0) return line.price_minor;
    auto const& own = variant->value.currency.empty() ? shop_currency : variant->value.currency;
    bool const tells = own == currency && variant->version.at > cart.content.version.at;
    auto const list = line.list_price_minor > 0 ? line.list_price_minor : line.price_minor;
    return tells && variant->value.price_minor != list ? variant->value.price_minor : line.price_minor;
}

/// The cheapest variant of a product that can be bought in the currency; equal ones by their id.
Variant const* cheapest(Goods const& goods, std::string const& product_id, std::string const& currency,
                        std::string const& shop_currency) {
    Variant const* best = nullptr;
    for (auto const& [id, variant] : goods) {
        auto const& value = variant.value;
        bool const of_it = value.product_id == product_id && id != whole_product(product_id);
        auto const& own = value.currency.empty() ? shop_currency : value.currency;
        if (!of_it || own != currency || sold_out(variant) || deleted(goods, product_id, &variant)) continue;
        if (best == nullptr || std::tie(value.price_minor, id) < std::tie(best->price_minor, best->variant_id)) best = &value;
    }
    return best;
}

Line line_of(Variant const& variant) {
    Line line;
    line.product_id = variant.product_id;
    line.variant_id = variant.variant_id;
    line.sku = variant.sku;
    line.title = variant.product_title.empty() ? variant.title : variant.product_title;
    line.image_url = variant.image_url;
    line.url = variant.url;
    line.price_minor = line.list_price_minor = variant.price_minor;
    return line;
}

CartContent looked_at(Cart const& cart, Goods const& goods, std::string const& shop_currency) {
    CartContent content;
    content.currency = shop_currency;
    for (auto const& told : cart.content.value.lines) {
        auto const* variant = cheapest(goods, told.product_id, shop_currency, shop_currency);
        if (variant == nullptr) continue;
        content.lines.push_back(line_of(*variant));
        content.subtotal_minor += variant->price_minor;
    }
    content.total_minor = content.subtotal_minor;
    return content;
}

}  // namespace

CartContent true_content(Cart const& cart, Goods const& goods, std::string const& shop_currency) {
    if (cart.browsed()) return looked_at(cart, goods, shop_currency);
    CartContent content = cart.content.value;
    if (content.currency.empty()) content.currency = shop_currency;
    content.lines.clear();
    std::int64_t change = 0;
    for (auto line : cart.content.value.lines) {
        auto const before = worth(line);
        auto const* variant = find(goods, line.variant_id);
        bool const gone = deleted(goods, line.product_id, variant) || (variant != nullptr && sold_out(*variant));
        line.price_minor = price_now(line, variant, cart, content.currency, shop_currency);
        change += (gone ? 0 : worth(line)) - before;
        if (!gone) content.lines.push_back(std::move(line));
    }
    content.subtotal_minor = std::max<std::int64_t>(content.subtotal_minor + change, 0);
    content.total_minor = std::max<std::int64_t>(content.total_minor + change, 0);
    return content;
}

}  // namespace recoup::core
