#include "adapter/source/shopify/topics.hpp"

#include "adapter/source/shared/text.hpp"
#include "core/mark/mark.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace recoup::source::shopify {
namespace {

constexpr std::array<std::pair<std::string_view, Reader>, 35> readers{{
    {"carts/create", read_cart},
    {"carts/update", read_cart},
    {"checkouts/create", read_checkout},
    {"checkouts/update", read_checkout},
    {"checkouts/delete", read_checkout_deleted},
    {"draft_orders/create", read_draft_order},
    {"draft_orders/update", read_draft_order},
    {"orders/create", read_order},
    {"orders/paid", read_order},
    {"orders/updated", read_order},
    {"orders/cancelled", read_order},
    {"order_transactions/create", read_transaction},
    {"refunds/create", read_refund},
    {"disputes/create", read_dispute},
    {"disputes/update", read_dispute},
    {"customers/create", read_customer},
    {"customers/update", read_customer},
    {"customers/enable", read_customer},
    {"customers/merge", read_customer_merge},
    {"customers_email_marketing_consent/update", read_email_consent},
    {"customers_marketing_consent/update", read_sms_consent},
    {"products/create", read_product},
    {"products/update", read_product},
    {"products/delete", read_product_deleted},
    {"variants/in_stock", read_variant},
    {"variants/out_of_stock", read_variant},
    {"inventory_levels/update", read_inventory_level},
    {"discounts/create", read_discount},
    {"discounts/update", read_discount},
    {"discounts/redeemcode_added", read_redeem_code},
    {"discounts/redeemcode_removed", read_redeem_code},
    {"customers/data_request", read_data_request},
    {"customers/redact", read_customer_redact},
    {"shop/redact", read_shop_redact},
    {"app/uninstalled", read_uninstalled},
}};

Line read_line(Json item, std::string_view currency) {
    Line line;
    line.product_id = item["product_id"].id();
    line.variant_id = item["variant_id"].id();
    line.sku = item["sku"].text(limits::id_bytes);
    line.title = item["title"].text();
    line.variant_title = item["variant_title"].text();
    line.quantity = std::clamp<std::int64_t>(item["quantity"].integer().value_or(1), 1, limits::pieces_per_line);
    auto const discounted = item["discounted_price"].minor(currency);
    auto const original = item["original_price"].minor(currency);
    auto const price = item["price"].minor(currency).value_or(0);
    line.price_minor = discounted ? *discounted : price;
    line.list_price_minor = original ? *original : price;
    line.gift_card = item["gift_card"].is_true();
    return line;
}

}  // namespace

Reader reader_of(std::string_view topic) {
    auto const found = std::find_if(readers.begin(), readers.end(), [&](auto const& entry) { return entry.first == topic; });
    return found == readers.end() ? nullptr : found->second;
}

Instant changed_at(Json body) {
    auto const updated = body["updated_at"].instant();
    return updated != never ? updated : body["created_at"].instant();
}

std::string currency_of(Topic const& topic) {
    for (std::string_view const name : {"presentment_currency", "currency"})
        if (auto currency = topic.body[name].text(3); currency.size() == 3) return upper_ascii(currency);
    return topic.shop.currency;
}

std::vector<Line> read_lines(Json items, std::string_view currency) {
    std::vector<Line> lines;
    for (auto const item : items.items(limits::cart_lines))
        if (item["quantity"].integer().value_or(1) > 0) lines.push_back(read_line(item, currency));
    return lines;
}

std::vector<std::string> read_discount_codes(Json codes) {
    std::vector<std::string> out;
    for (auto const code : codes.items(limits::discount_codes))
        if (auto text = code["code"].text(limits::id_bytes); !text.empty()) out.push_back(std::move(text));
    return out;
}

Json first_address(Json body, std::initializer_list<std::string_view> names) {
    for (auto const name : names)
        if (auto const address = body[name]; address.is_object() && address.raw() != "{}") return address;
    return body["customer"]["default_address"];
}

std::string mark_of(Topic const& topic, Json address) {
    auto const name = address["last_name"].text(), street = address["address1"].text() + " " + address["address2"].text(),
               code = address["zip"].text(limits::id_bytes), city = address["city"].text(),
               country = address["country_code"].text(2);
    return core::address_mark(topic.shop.id, {name, street, code, city, country});
}

std::string phone_country(Json address, Shop const& shop) {
    auto country = upper_ascii(address["country_code"].text(2));
    return country.size() == 2 ? country : shop.country;
}

}  // namespace recoup::source::shopify
