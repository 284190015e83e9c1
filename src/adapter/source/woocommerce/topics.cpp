// The table of topics; customers and products.
#include "adapter/source/woocommerce/topics.hpp"

#include "adapter/source/shared/event_parts.hpp"
#include "adapter/source/shared/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace recoup::source::woocommerce {
namespace {

constexpr std::array<std::pair<std::string_view, Reader>, 15> readers{{
    {"order.created", read_order},
    {"order.updated", read_order},
    {"order.restored", read_order},
    {"order.deleted", read_order_deleted},
    {"customer.created", read_customer},
    {"customer.updated", read_customer},
    {"customer.restored", read_customer},
    {"customer.deleted", read_customer_deleted},
    {"product.created", read_product},
    {"product.updated", read_product},
    {"product.restored", read_product},
    {"product.deleted", read_product_deleted},
    {"coupon.created", read_coupon},
    {"coupon.updated", read_coupon},
    {"coupon.restored", read_coupon},
}};

std::string first_of(Json a, Json b, std::string_view name) {
    auto text = a[name].text();
    return text.empty() ? b[name].text() : text;
}

/// Counted where the shop counts it, else by what the shop says of it.
std::optional<std::int64_t> stock_of(Json product) {
    if (product["manage_stock"].is_true()) return product["stock_quantity"].integer();
    return product["stock_status"].text() == "outofstock" ? std::optional<std::int64_t>(0) : std::nullopt;
}

}  // namespace

Reader reader_of(std::string_view topic) {
    auto const named = [&](auto const& entry) { return entry.first == topic; };
    auto const found = std::find_if(readers.begin(), readers.end(), named);
    return found == readers.end() ? nullptr : found->second;
}

Instant gmt(Json stamp) {
    auto const text = stamp.text(limits::id_bytes);
    if (text.empty()) return never;
    auto const at = parse_rfc3339(text + "Z");
    return at ? *at : stamp.instant();
}

std::string read_customer(Topic const& topic, Event& event) {
    auto const body = topic.body;
    auto const billing = body["billing"];
    add_key(event, KeyKind::customer_id, body["id"].id());
    if (event.keys.empty()) return "a customer needs its id";
    auto const country = upper_ascii(billing["country"].text(2));
    add_key(event, KeyKind::email, body["email"].text());
    add_key(event, KeyKind::phone, billing["phone"].text(), country.empty() ? topic.shop.country : country);
    set_occurred(event, gmt(body["date_modified_gmt"]));
    CustomerChanged customer;
    customer.first_name = first_of(body, billing, "first_name");
    customer.last_name = first_of(body, billing, "last_name");
    customer.country = country;
    customer.region = billing["state"].text(limits::id_bytes);
    customer.postal_code = billing["postcode"].text(limits::id_bytes);
    event.body = std::move(customer);
    return {};
}

/// An account that is closed is no request to forget the person: kept with its key.
std::string read_customer_deleted(Topic const& topic, Event& event) {
    add_key(event, KeyKind::customer_id, topic.body["id"].id());
    return event.keys.empty() ? "a customer needs its id" : "";
}

/// A simple product and each variation is one variant; a variable product itself cannot be bought.
std::string read_product(Topic const& topic, Event& event) {
    auto const body = topic.body;
    auto const id = body["id"].id();
    if (id.empty()) return "a product needs its id";
    set_occurred(event, gmt(body["date_modified_gmt"]));
    ProductChanged product;
    if (body["type"].text() != "variable") {
        Variant variant;
        auto const parent = body["parent_id"].integer().value_or(0);
        variant.variant_id = id;
        variant.product_id = parent > 0 ? std::to_string(parent) : id;
        variant.sku = body["sku"].text(limits::id_bytes);
        variant.title = variant.product_title = body["name"].text();
        variant.url = body["permalink"].url();
        for (auto const image : body["images"].items(1)) variant.image_url = image["src"].url();
        variant.currency = topic.shop.currency;
        variant.price_minor = body["price"].minor(variant.currency).value_or(0);
        variant.available = stock_of(body);
        variant.sell_when_out = body["backorders_allowed"].is_true();
        auto const status = body["status"].text(limits::id_bytes);
        variant.active = status.empty() || status == "publish";
        product.variants.push_back(std::move(variant));
    }
    event.body = std::move(product);
    return {};
}

std::string read_product_deleted(Topic const& topic, Event& event) {
    Variant variant;
    variant.variant_id = topic.body["id"].id();
    if (variant.variant_id.empty()) return "a product needs its id";
    variant.product_id = variant.variant_id;
    variant.active = false;
    variant.available = 0;
    auto product = deleted_product(variant.product_id);   // a variable one has its variations' lines
    product.variants.push_back(std::move(variant));
    event.body = std::move(product);
    return {};
}

/// Only a deletion names no code: what was known of it stays.
std::string read_coupon(Topic const& topic, Event& event) {
    auto const body = topic.body;
    Coupon coupon;
    coupon.code = body["code"].text(limits::id_bytes);
    if (coupon.code.empty()) return "a coupon needs its code";
    set_occurred(event, gmt(body["date_modified_gmt"]));
    auto const status = body["status"].text(limits::id_bytes);
    coupon.active = status.empty() || status == "publish";
    coupon.ends_at = gmt(body["date_expires_gmt"]);
    auto const limit = body["usage_limit"].integer().value_or(0);
    if (limit > 0) coupon.uses_left = std::max<std::int64_t>(limit - body["usage_count"].integer().value_or(0), 0);
    auto const amount = body["amount"].minor("JPY");
    if (body["discount_type"].text() == "percent") coupon.percent = amount;
    event.body = CouponChanged{std::move(coupon)};
    return {};
}

}  // namespace recoup::source::woocommerce
