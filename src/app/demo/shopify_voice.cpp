#include "app/demo/voice.hpp"

#include <nlohmann/json.hpp>

namespace recoup::demo {
namespace {

using Json = nlohmann::json;

Json money_set(std::string const& amount) {
    Json const side = {{"amount", amount}, {"currency_code", "USD"}};
    return {{"shop_money", side}, {"presentment_money", side}};
}

Json cart_line(Pick const& pick) {
    auto const& article = catalog()[pick.article];
    auto const price = price_text(article.price_minor), line = price_text(article.price_minor * pick.quantity);
    return {{"id", article.variant_id},
            {"key", std::to_string(article.variant_id) + ":3abdf474"},
            {"variant_id", article.variant_id},
            {"product_id", article.product_id},
            {"title", std::string(article.title) + " - " + std::string(article.variant_title)},
            {"sku", article.sku},
            {"vendor", "Demo Outfitters"},
            {"quantity", pick.quantity},
            {"taxable", true},
            {"gift_card", false},
            {"properties", nullptr},
            {"price", price},
            {"original_price", price},
            {"discounted_price", price},
            {"line_price", line},
            {"original_line_price", line},
            {"total_discount", "0.00"},
            {"discounts", Json::array()},
            {"price_set", money_set(price)},
            {"parent_relationship", nullptr}};
}

Json checkout_line(Pick const& pick) {
    auto const& article = catalog()[pick.article];
    return {{"key", std::to_string(article.variant_id)},
            {"variant_id", article.variant_id},
            {"product_id", article.product_id},
            {"sku", article.sku},
            {"title", article.title},
            {"presentment_title", article.title},
            {"variant_title", article.variant_title},
            {"presentment_variant_title", article.variant_title},
            {"vendor", "Demo Outfitters"},
            {"quantity", pick.quantity},
            {"price", price_text(article.price_minor)},
            {"line_price", price_text(article.price_minor * pick.quantity)},
            {"compare_at_price", nullptr},
            {"gift_card", false},
            {"requires_shipping", true},
            {"taxable", true},
            {"applied_discounts", Json::array()},
            {"discount_allocations", Json::array()},
            {"tax_lines", Json::array()},
            {"properties", Json::object()}};
}

Json order_line(Pick const& pick) {
    auto const& article = catalog()[pick.article];
    return {{"id", article.variant_id + 7'000'000'000},
            {"variant_id", article.variant_id},
            {"product_id", article.product_id},
            {"sku", article.sku},
            {"title", article.title},
            {"variant_title", article.variant_title},
            {"name", std::string(article.title) + " - " + std::string(article.variant_title)},
            {"quantity", pick.quantity},
            {"current_quantity", pick.quantity},
            {"price", price_text(article.price_minor)},
            {"price_set", money_set(price_text(article.price_minor))},
            {"total_discount", "0.00"},
            {"properties", Json::array()},
            {"discount_allocations", Json::array()},
            {"vendor", "Demo Outfitters"},
            {"product_exists", true},
            {"gift_card", false}};
}

Json lines(Basket const& basket, Json (*line)(Pick const&)) {
    auto list = Json::array();
    for (auto const& pick : basket) list.push_back(line(pick));
    return list;
}

Json text_or_null(std::string const& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json address(Shopper const& shopper) {
    return {{"first_name", shopper.first_name},
            {"last_name", shopper.last_name},
            {"address1", "1 Main Street"},
            {"city", shopper.region.city},
            {"zip", shopper.region.postal_code},
            {"province_code", shopper.region.code},
            {"country_code", shopper.region.country},
            {"phone", text_or_null(shopper.phone)}};
}

Json customer(Shopper const& shopper) {
    return {{"id", shopper.customer_id},
            {"email", text_or_null(shopper.email)},
            {"phone", nullptr},
            {"first_name", shopper.first_name},
            {"last_name", shopper.last_name},
            {"state", "disabled"},
            {"verified_email", true},
            {"currency", "USD"},
            {"tax_exempt", false},
            {"admin_graphql_api_id", "gid://shopify/Customer/" + std::to_string(shopper.customer_id)},
            {"default_address", {{"country_code", shopper.region.country}}}};
}

/// Shopify's stamps carry the store's offset; a daemon must read them as instants.
std::string store_time(Instant at) {
    auto text = to_rfc3339(at - std::chrono::hours{5});
    text.resize(19);
    return text + "-05:00";
}

Action webhook(std::string topic, Json const& body, Instant at) {
    Action action;
    action.kind = ActionKind::shopify;
    action.topic = std::move(topic);
    action.body = body.dump();
    action.occurred_at = at;
    return action;
}

std::string_view financial_status(OrderStep step) {
    switch (step) {
        case OrderStep::placed_paid:
        case OrderStep::paid: return "paid";
        case OrderStep::placed_unpaid: return "pending";
        case OrderStep::cancelled: return "voided";
    }
    return "";
}

std::string topic_of(OrderStep step) {
    switch (step) {
        case OrderStep::placed_paid:
        case OrderStep::placed_unpaid: return "orders/create";
        case OrderStep::paid: return "orders/paid";
        case OrderStep::cancelled: return "orders/cancelled";
    }
    return "";
}

}  // namespace

Action ShopifyVoice::cart(Shopper const& shopper, Basket const& basket, bool first, Instant at) const {
    Json const body = {{"id", shopper.cart_token},
                       {"token", shopper.cart_token},
                       {"note", nullptr},
                       {"created_at", to_rfc3339(at)},
                       {"updated_at", to_rfc3339(at)},
                       {"line_items", lines(basket, cart_line)}};
    return webhook(first ? "carts/create" : "carts/update", body, at);
}

Action ShopifyVoice::checkout(Shopper const& shopper, Basket const& basket, Stage stage, bool first, Instant at) const {
    bool const named = stage >= Stage::contact;
    bool const ticks = named && !shopper.consent_by_topic;
    auto const total = price_text(total_minor(basket));
    Json body = {{"token", shopper.checkout_token},
                 {"cart_token", shopper.cart_token},
                 {"email", named ? text_or_null(shopper.email) : Json(nullptr)},
                 {"phone", named ? text_or_null(shopper.phone) : Json(nullptr)},
                 {"gateway", stage >= Stage::payment ? Json("shopify_payments") : Json(nullptr)},
                 {"buyer_accepts_marketing", ticks && shopper.email_consent},
                 {"buyer_accepts_sms_marketing", ticks && shopper.sms_consent},
                 {"sms_marketing_phone", ticks && shopper.sms_consent ? Json(shopper.phone) : Json(nullptr)},
                 {"created_at", store_time(at)},
                 {"updated_at", to_rfc3339(at)},
                 {"completed_at", nullptr},
                 {"closed_at", nullptr},
                 {"landing_site", "/"},
                 {"note_attributes", Json::array()},
                 {"currency", "USD"},
                 {"presentment_currency", "USD"},
                 {"customer_locale", shopper.region.country == "DE" ? "de-DE" : "en-US"},
                 {"source_name", "web"},
                 {"name", "#" + std::to_string(35'550'000 + shopper.number)},
                 {"abandoned_checkout_url", "https://demo.myshopify.com/548380009/checkouts/ac/" + shopper.cart_token +
                                                "/recover?key=" + shopper.checkout_token.substr(0, 8)},
                 {"discount_codes", Json::array()},
                 {"tax_lines", Json::array()},
                 {"shipping_lines", Json::array()},
                 {"shipping_address", stage >= Stage::shipping ? address(shopper) : Json::array()},
                 {"total_line_items_price", total},
                 {"subtotal_price", total},
                 {"total_discounts", "0.00"},
                 {"total_tax", "0.00"},
                 {"total_duties", nullptr},
                 {"total_price", total},
                 {"line_items", lines(basket, checkout_line)}};
    if (named) body["customer"] = customer(shopper);
    return webhook(first ? "checkouts/create" : "checkouts/update", body, at);
}

Action ShopifyVoice::order(Shopper const& shopper, Basket const& basket, OrderStep step, Instant placed, Instant at) const {
    auto const total = price_text(total_minor(basket));
    auto const number = 1000 + shopper.number;
    bool const cancelled = step == OrderStep::cancelled;
    Json const body = {{"id", shopper.order_id},
                       {"admin_graphql_api_id", "gid://shopify/Order/" + std::to_string(shopper.order_id)},
                       {"token", shopper.order_token},
                       {"checkout_token", shopper.checkout_token},
                       {"cart_token", shopper.cart_token},
                       {"email", text_or_null(shopper.email)},
                       {"contact_email", text_or_null(shopper.email)},
                       {"phone", text_or_null(shopper.phone)},
                       {"customer", customer(shopper)},
                       {"name", "#" + std::to_string(number)},
                       {"order_number", number},
                       {"created_at", store_time(placed)},
                       {"processed_at", store_time(placed)},
                       {"updated_at", store_time(at)},
                       {"cancelled_at", cancelled ? Json(store_time(at)) : Json(nullptr)},
                       {"cancel_reason", cancelled ? Json("customer") : Json(nullptr)},
                       {"confirmed", true},
                       {"financial_status", financial_status(step)},
                       {"fulfillment_status", nullptr},
                       {"currency", "USD"},
                       {"presentment_currency", "USD"},
                       {"total_price", total},
                       {"subtotal_price", total},
                       {"total_discounts", "0.00"},
                       {"current_total_price", total},
                       {"total_price_set", money_set(total)},
                       {"discount_codes", Json::array()},
                       {"payment_gateway_names", {"shopify_payments"}},
                       {"test", false},
                       {"source_name", "web"},
                       {"landing_site", "/"},
                       {"billing_address", address(shopper)},
                       {"shipping_address", address(shopper)},
                       {"refunds", Json::array()},
                       {"line_items", lines(basket, order_line)}};
    return webhook(topic_of(step), body, at);
}

Action ShopifyVoice::payment(Shopper const& shopper, Basket const& basket, PaymentState state, int attempt,
                             Instant at) const {
    bool const failed = state == PaymentState::failed;
    Json const code = failed ? Json(std::string(decline_code(shopper))) : Json(nullptr);
    Json body = {{"id", shopper.order_id + 100 + attempt},
                 {"order_id", shopper.order_id},
                 {"kind", "sale"},
                 {"gateway", "shopify_payments"},
                 {"status", failed ? "failure" : "success"},
                 {"message", failed ? "Your card was declined." : "Transaction approved"},
                 {"error_code", code},
                 {"amount", price_text(total_minor(basket))},
                 {"currency", "USD"},
                 {"test", false},
                 {"created_at", store_time(at)},
                 {"processed_at", store_time(at)},
                 {"parent_id", nullptr},
                 {"source_name", "web"},
                 {"payment_id", "#" + std::to_string(1000 + shopper.number) + "." + std::to_string(attempt)}};
    return webhook("order_transactions/create", body, at);
}

Action ShopifyVoice::refund(Shopper const& shopper, Basket const& basket, Instant at) const {
    auto const& pick = basket.front();
    auto const& article = catalog()[pick.article];
    Json const line = {{"id", shopper.order_id + 301},
                       {"quantity", 1},
                       {"line_item_id", article.variant_id + 7'000'000'000},
                       {"subtotal", static_cast<double>(article.price_minor) / 100},
                       {"total_tax", 0},
                       {"restock_type", "return"},
                       {"line_item", order_line(pick)}};
    Json const body = {{"id", shopper.order_id + 300},
                       {"order_id", shopper.order_id},
                       {"created_at", store_time(at)},
                       {"processed_at", store_time(at)},
                       {"note", "too small"},
                       {"restock", true},
                       {"refund_line_items", {line}},
                       {"order_adjustments", Json::array()}};
    return webhook("refunds/create", body, at);
}

Action ShopifyVoice::consent(Shopper const& shopper, Channel channel, bool granted, Instant at) const {
    Json const state = {{"state", granted ? "subscribed" : "unsubscribed"},
                        {"opt_in_level", channel == Channel::sms ? "confirmed_opt_in" : "single_opt_in"},
                        {"consent_updated_at", store_time(at)}};
    if (channel == Channel::sms)
        return webhook("customers_marketing_consent/update",
                       {{"id", shopper.customer_id}, {"phone", shopper.phone}, {"sms_marketing_consent", state}}, at);
    return webhook("customers_email_marketing_consent/update",
                   {{"customer_id", shopper.customer_id},
                    {"email_address", shopper.email},
                    {"email_marketing_consent", state}},
                   at);
}

std::vector<Action> stock_deliveries(Instant opened, Instant sold_out) {
    std::vector<Action> out;
    for (std::size_t first = 0; first < catalog().size();) {
        auto const& head = catalog()[first];
        auto variants = Json::array();
        for (; first < catalog().size() && catalog()[first].product_id == head.product_id; ++first) {
            auto const& article = catalog()[first];
            variants.push_back({{"id", article.variant_id},
                                {"product_id", article.product_id},
                                {"title", article.variant_title},
                                {"price", price_text(article.price_minor)},
                                {"sku", article.sku},
                                {"inventory_policy", "deny"},
                                {"inventory_quantity", article.stock},
                                {"inventory_item_id", article.inventory_item_id},
                                {"image_id", nullptr},
                                {"updated_at", to_rfc3339(opened)}});
        }
        Json const body = {{"id", head.product_id},
                           {"title", head.title},
                           {"handle", "item-" + std::to_string(head.product_id)},
                           {"status", "active"},
                           {"vendor", "Demo Outfitters"},
                           {"updated_at", to_rfc3339(opened)},
                           {"image", nullptr},
                           {"variants", variants}};
        out.push_back(webhook("products/update", body, opened));
    }
    for (auto const& article : catalog())
        if (article.sells_out)
            out.push_back(webhook("inventory_levels/update",
                                  {{"inventory_item_id", article.inventory_item_id},
                                   {"location_id", 24826418},
                                   {"available", 0},
                                   {"updated_at", to_rfc3339(sold_out)}},
                                  sold_out));
    return out;
}

}  // namespace recoup::demo
