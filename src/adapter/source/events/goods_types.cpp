// product.updated, product.deleted and coupon.updated: what can be bought, and with which discount.
#include "adapter/source/events/types.hpp"
#include "adapter/source/shared/event_parts.hpp"
#include "adapter/source/shared/text.hpp"

#include <algorithm>

namespace recoup::source::events {
namespace {

bool yes_unless_said(Json flag) { return flag.kind() != JsonKind::boolean || flag.is_true(); }

Variant variant_of(Item const& item, Json json) {
    Variant variant;
    variant.product_id = item.data["product_id"].id();
    variant.variant_id = json["variant_id"].id();
    variant.inventory_item_id = json["inventory_item_id"].id();
    variant.sku = json["sku"].text(limits::id_bytes);
    variant.title = json["title"].text();
    variant.image_url = json["image_url"].url();
    if (variant.image_url.empty()) variant.image_url = item.data["image_url"].url();
    variant.product_title = item.data["title"].text();
    variant.url = item.data["url"].url();
    auto const currency = upper_ascii(json["currency"].text(3));
    variant.currency = currency.size() == 3 ? currency : currency_of(item);
    variant.price_minor = json["price"].minor(variant.currency).value_or(0);
    variant.available = json["available"].integer();
    variant.sell_when_out = json["sell_when_out"].is_true();
    variant.active = yes_unless_said(json["active"]);
    return variant;
}

}  // namespace

std::string read_product(Item const& item, Event& event) {
    if (item.data["product_id"].id().empty()) return "data needs product_id";
    ProductChanged product;
    for (auto const json : item.data["variants"].items(limits::variants_per_product))
        if (!json["variant_id"].id().empty()) product.variants.push_back(variant_of(item, json));
    event.body = std::move(product);
    return {};
}

std::string read_product_deleted(Item const& item, Event& event) {
    auto const product_id = item.data["product_id"].id();
    if (product_id.empty()) return "data needs product_id";
    event.body = deleted_product(product_id);
    return {};
}

std::string read_coupon(Item const& item, Event& event) {
    auto const data = item.data;
    Coupon coupon;
    coupon.code = data["code"].text(limits::id_bytes);
    if (coupon.code.empty()) return "data needs code";
    coupon.active = yes_unless_said(data["active"]);
    coupon.starts_at = data["starts_at"].instant();
    coupon.ends_at = data["ends_at"].instant();
    if (auto const left = data["uses_left"].integer()) coupon.uses_left = std::max<std::int64_t>(*left, 0);
    coupon.percent = data["percent"].integer();
    event.body = CouponChanged{std::move(coupon)};
    return {};
}

}  // namespace recoup::source::events
