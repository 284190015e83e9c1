// products/*, variants/* and inventory_levels/update: what can still be bought, and at which price.
#include "adapter/source/shared/event_parts.hpp"
#include "adapter/source/shopify/topics.hpp"

namespace recoup::source::shopify {
namespace {

std::string image_of(Json product, Json variant) {
    auto const image_id = variant["image_id"].id();
    if (!image_id.empty())
        for (auto const image : product["images"].items(limits::variants_per_product))
            if (image["id"].id() == image_id) return image["src"].url();
    return product["image"]["src"].url();
}

Variant variant_of(Json product, Json json, Shop const& shop) {
    Variant variant;
    variant.variant_id = json["id"].id();
    variant.product_id = json["product_id"].id();
    if (variant.product_id.empty()) variant.product_id = product["id"].id();
    variant.inventory_item_id = json["inventory_item_id"].id();
    variant.sku = json["sku"].text(limits::id_bytes);
    variant.title = json["title"].text();
    variant.image_url = image_of(product, json);
    variant.product_title = product["title"].text();
    if (auto const handle = product["handle"].id(); !handle.empty() && !shop.domain.empty())
        variant.url = "https://" + shop.domain + "/products/" + handle;
    variant.price_minor = json["price"].minor(shop.currency).value_or(0);
    variant.currency = shop.currency;
    bool const untracked = json["inventory_management"].kind() == JsonKind::null;
    if (!untracked) variant.available = json["inventory_quantity"].integer();
    variant.sell_when_out = json["inventory_policy"].text() == "continue";
    auto const status = product["status"].text();
    variant.active = status.empty() || status == "active";
    return variant;
}

}  // namespace

std::string read_product(Topic const& topic, Event& event) {
    auto const body = topic.body;
    if (body["id"].id().empty()) return "a product needs its id";
    set_occurred(event, changed_at(body));
    ProductChanged product;
    for (auto const json : body["variants"].items(limits::variants_per_product))
        if (!json["id"].id().empty()) product.variants.push_back(variant_of(body, json, topic.shop));
    event.body = std::move(product);
    return {};
}

std::string read_product_deleted(Topic const& topic, Event& event) {
    auto const product_id = topic.body["id"].id();
    if (product_id.empty()) return "a deleted product needs its id";
    event.body = deleted_product(product_id);
    return {};
}

std::string read_variant(Topic const& topic, Event& event) {
    if (topic.body["id"].id().empty()) return "a variant needs its id";
    set_occurred(event, changed_at(topic.body));
    ProductChanged product;
    product.variants.push_back(variant_of({}, topic.body, topic.shop));
    event.body = std::move(product);
    return {};
}

std::string read_inventory_level(Topic const& topic, Event& event) {
    auto const body = topic.body;
    StockChanged stock;
    stock.inventory_item_id = body["inventory_item_id"].id();
    stock.location_id = body["location_id"].id();
    auto const available = body["available"].integer();
    if (stock.inventory_item_id.empty()) return "an inventory level needs its inventory_item_id";
    set_occurred(event, changed_at(body));
    if (!available) return {};  // null: not tracked there
    stock.available = *available;
    event.body = std::move(stock);
    return {};
}

}  // namespace recoup::source::shopify
