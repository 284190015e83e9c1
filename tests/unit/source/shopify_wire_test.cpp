// Every topic that an app for carts may subscribe to, in both families of headers and in every version since 2023-10,
// with the types that real payloads have and documents do not show.
#include "sender.hpp"

#include "core/codec/event_codec.hpp"

namespace recoup {
namespace {

using test::body;
using test::has_key;
using test::Sender;

constexpr std::string_view wire_versions[] = {"2023-10", "2024-01", "2024-04", "2024-07", "2024-10",
                                              "2025-01", "2025-04", "2025-07", "2025-10", "2026-01",
                                              "2026-04", "2026-07", "2026-10", "unstable"};

Event wire_event(std::string_view topic, std::string_view json, std::string_view version = "2026-04",
                 bool newer_family = false) {
    std::string const prefix = newer_family ? "shopify-" : "X-Shopify-";
    Sender sender(source::shopify_source());
    sender.add_secret("hmac", "shpss_wire");
    sender.http.body = json;
    sender.header(prefix + "Topic", topic);
    sender.header(prefix + "Webhook-Id", "b54557e4");
    sender.header(prefix + "API-Version", version);
    sender.header(prefix + "Event-Id", "e1");
    sender.header(prefix + "Triggered-At", "2025-11-20T10:05:03.250123456Z");
    sender.header(prefix + "Shop-Domain", "demo.myshopify.com");
    sender.header(prefix + "Hmac-Sha256", test::shopify_signature("shpss_wire", json));
    EXPECT_EQ(test::code_of(sender.authenticate()), "ok") << topic;
    return sender.event();
}

struct TopicCase {
    std::string_view topic;
    std::string_view json;
    std::string_view body;  // its name; "unknown" is kept and counted, and changes nothing
};

// Samples as in Shopify's reference; ids beyond 2^53.
constexpr std::string_view order_sample =
    R"({"id":820982911946154508,"checkout_token":"ct","cart_token":"Z2Nw","email":"a@b.example",
  "created_at":"2021-12-31T19:00:00-05:00","updated_at":"2021-12-31T19:00:00-05:00","currency":"USD",
            "total_price":"421.88"})";
constexpr std::string_view customer_sample =
    R"({"id":706405506930370084,"email":"bob@biller.com","phone":null,"first_name":"Bob",
  "state":"disabled","verified_email":true,"addresses":[],"updated_at":"2021-12-31T19:00:00-05:00"})";
constexpr std::string_view product_sample =
    R"({"id":788032119674292922,"title":"T","status":"active","variants":[{"id":642667041472713922,
  "product_id":788032119674292922,"price":"19.99","inventory_policy":"deny","inventory_quantity":75,
            "inventory_item_id":7}]})";
constexpr std::string_view variant_sample =
    R"({"id":642667041472713922,"product_id":788032119674292922,"price":"19.99","inventory_quantity":0})";
constexpr std::string_view erasure_sample =
    R"({"shop_id":954889,"shop_domain":"x.myshopify.com","customer":{"id":191167,
  "email":"john@example.com","phone":"555-625-1199"},"orders_to_redact":[299938],"data_request":{"id":9999}})";

constexpr TopicCase wire_topics[] = {
    {"carts/create", R"({"id":"Z2Nw","token":"Z2Nw","line_items":[]})", "cart_changed"},
    {"carts/update", R"({"id":"Z2Nw","token":"Z2Nw","line_items":[]})", "cart_changed"},
    {"checkouts/create", R"({"token":"84ad","cart_token":"Z2Nw","line_items":[]})", "cart_changed"},
    {"checkouts/update", R"({"token":"84ad","cart_token":"Z2Nw","line_items":[]})", "cart_changed"},
    {"checkouts/delete",
     R"({"id":981820079255243537,"cart_token":"eeaf","total_price":"421.88","reservation_token":null})",
     "cart_deleted"},
    {"orders/create", order_sample, "order_placed"},
    {"orders/paid", order_sample, "order_placed"},
    {"orders/updated", order_sample, "order_placed"},
    {"orders/cancelled", order_sample, "order_placed"},
    {"orders/edited", R"({"order_edit":{"id":1,"order_id":2}})", "unknown"},
    {"order_transactions/create",
     R"({"id":120560818172775265,"order_id":820982911946154508,"kind":"sale","status":"failure",
      "amount":"419.95","currency":"USD","receipt":{"last_payment_error":{}}})",
     "payment_changed"},
    {"refunds/create", R"({"id":890088186047892319,"order_id":820982911946154508,"refund_line_items":[]})",
     "order_refunded"},
    {"subscription_billing_attempts/failure", R"({"id":null,"subscription_contract_id":9998878778,"error_code":"x"})",
     "unknown"},
    {"customers/create", customer_sample, "customer_changed"},
    {"customers/update", customer_sample, "customer_changed"},
    {"customers/enable", customer_sample, "customer_changed"},
    {"customers/delete", R"({"id":706405506930370084,"tax_exemptions":[]})", "unknown"},
    {"customers/merge", R"({"admin_graphql_api_customer_kept_id":"gid://shopify/Customer/1",
      "admin_graphql_api_customer_deleted_id":"gid://shopify/Customer/2","status":"completed","errors":[]})",
     "customer_changed"},
    {"customers/purchasing_summary", R"({"customerId":"gid://shopify/Customer/1","numberOfOrders":1})", "unknown"},
    {"customer.tags_added", R"({"customerId":"gid://shopify/Customer/1","tags":["a"]})", "unknown"},
    {"customer.tags_removed", R"({"customerId":"gid://shopify/Customer/1","tags":["a"]})", "unknown"},
    {"customers_email_marketing_consent/update", R"({"customer_id":706405506930370084,"email_address":"bob@biller.com",
      "email_marketing_consent":{"state":"subscribed","opt_in_level":null,"consent_updated_at":null}})",
     "consent_changed"},
    {"customers_marketing_consent/update", R"({"id":706405506930370084,"phone":"+15551234567","sms_marketing_consent":
      {"state":"not_subscribed","opt_in_level":"unknown"}})",
     "consent_changed"},
    {"products/create", product_sample, "product_changed"},
    {"products/update", product_sample, "product_changed"},
    {"variants/in_stock", variant_sample, "product_changed"},
    {"variants/out_of_stock", variant_sample, "product_changed"},
    {"inventory_levels/update", R"({"inventory_item_id":271878346596884015,"location_id":24826418,"available":6})",
     "stock_changed"},
    {"discounts/update", R"({"admin_graphql_api_id":"gid://shopify/DiscountCodeNode/1","status":"ACTIVE"})", "unknown"},
    {"discounts/redeemcode_added", R"({"admin_graphql_api_id":"gid://shopify/DiscountCodeNode/1"})", "unknown"},
    {"discounts/redeemcode_removed", R"({"admin_graphql_api_id":"gid://shopify/DiscountCodeNode/1"})", "unknown"},
    {"app/uninstalled", R"({"id":548380009,"myshopify_domain":null,"plan_name":"enterprise"})", "shop_uninstalled"},
    {"app/scopes_update", R"({"id":1,"previous":[],"current":["read_orders"]})", "unknown"},
    {"customers/data_request", erasure_sample, "data_requested"},
    {"customers/redact", erasure_sample, "person_erased"},
    {"shop/redact", erasure_sample, "shop_erased"},
};

TEST(ShopifyWire, EveryTopicIsReadOrKeptInBothFamiliesOfHeaders) {
    for (auto const& [topic, json, name] : wire_topics)
        for (bool const newer_family : {false, true}) {
            auto const event = wire_event(topic, json, "2026-04", newer_family);
            EXPECT_EQ(body_name(event.body), name) << topic;
            EXPECT_EQ(event.topic, topic);
            EXPECT_EQ(event.id, "shopify:b54557e4");
            EXPECT_NE(event.order_hint, 0) << topic;
        }
}

TEST(ShopifyWire, EveryVersionSince2023ReadsTheSame) {
    for (auto const& [topic, json, name] : wire_topics) {
        auto const newest = core::encode_event(wire_event(topic, json, "2026-10"));
        for (auto const version : wire_versions)
            EXPECT_EQ(core::encode_event(wire_event(topic, json, version)), newest) << topic << " " << version;
    }
}

TEST(ShopifyWire, ACheckoutIsFoundWithAndWithoutWhatVersionsRemoved) {
    auto const keys = [](std::string_view json) { return wire_event("checkouts/update", json).keys; };
    auto const before_2026_04 = keys(R"({"id":981820079255243537,"token":"84ad","cart_token":"Z2Nw"})");
    EXPECT_EQ(before_2026_04, keys(R"({"token":"84ad","cart_token":"Z2Nw"})"));
    auto const old_order =
        wire_event("orders/create", R"({"id":1,"checkout_id":901414060,"checkout_token":"ct","cart_token":null})").keys;
    EXPECT_EQ(old_order, wire_event("orders/create", R"({"id":1,"checkout_token":"ct"})").keys);
    // Until 2024-10 the customer carried what now has topics of its own; it says nothing about this checkout.
    auto const customer_of_2024 = wire_event(
        "checkouts/update", R"({"token":"t","customer":{"id":5,"tags":"a, b","orders_count":3,"total_spent":"9",
        "email_marketing_consent":{"state":"subscribed"},"sms_marketing_consent":{"state":"subscribed"}}})");
    EXPECT_TRUE(customer_of_2024.consents.empty());
}

TEST(ShopifyWire, AMergeJoinsTwoCustomersOnceItIsDone) {
    auto const merge = [](std::string_view status, std::string_view deleted = "gid://shopify/Customer/2") {
        return wire_event("customers/merge", R"({"admin_graphql_api_customer_kept_id":"gid://shopify/Customer/1",
            "admin_graphql_api_customer_deleted_id":")" +
                                                 std::string(deleted) + R"(","status":")" + std::string(status) +
                                                 R"(","errors":[]})");
    };
    auto const done = merge("completed");
    body<CustomerChanged>(done);
    EXPECT_TRUE(has_key(done, KeyKind::customer_id, "1") && has_key(done, KeyKind::customer_id, "2"));
    for (auto const* status : {"in_progress", "failed", "requested", ""})
        EXPECT_TRUE(merge(status).keys.empty()) << status;
    body<DeadLettered>(merge("completed", "gid://shopify/Company/2"));
}

TEST(ShopifyWire, AnAddressIsAnObjectNullAbsentOrAnEmptyList) {
    for (std::string const address :
         {R"("shipping_address":[],"billing_address":[],)", R"("shipping_address":null,"billing_address":null,)",
          R"("shipping_address":{},"billing_address":"",)", ""}) {
        auto const cart = body<CartChanged>(
            wire_event("checkouts/update", R"({"token":"t",)" + address + R"("phone":"212 555 1234"})"));
        EXPECT_EQ(cart.country, "") << address;
        EXPECT_EQ(cart.stage, Stage::contact) << address;
        auto const placed = wire_event("orders/create", R"({"id":1,)" + address + R"("phone":"212 555 1234"})");
        EXPECT_TRUE(has_key(placed, KeyKind::phone, "+12125551234")) << "in the shop's country: " << address;
    }
}

TEST(ShopifyWire, MoneyIsATextOrANumber) {
    for (std::string const price : {R"("421.88")", "421.88", R"(" 421.88 ")", R"("421.880")"}) {
        EXPECT_EQ(body<CartChanged>(wire_event("checkouts/update", R"({"token":"t","total_price":)" + price + "}"))
                      .total_minor,
                  42188)
            << price;
        EXPECT_EQ(body<OrderPlaced>(wire_event("orders/paid", R"({"id":1,"total_price":)" + price + "}")).total.minor,
                  42188)
            << price;
        EXPECT_EQ(
            body<OrderRefunded>(wire_event("refunds/create",
                                           R"({"id":1,"order_id":2,"refund_line_items":[{"subtotal":)" + price + "}]}"))
                .amount_minor,
            42188);
    }
    for (std::string const price : {"null", R"("")", "[]", R"("1,50")", "1e3", "true", "99999999999999999999"})
        EXPECT_EQ(body<CartChanged>(wire_event("checkouts/update", R"({"token":"t","total_price":)" + price + "}"))
                      .total_minor,
                  0)
            << price;
}

TEST(ShopifyWire, IdsAreNumbersBeyondDoublesOrTexts) {
    auto const id = [](std::string const& written) {
        return body<OrderPlaced>(wire_event("orders/create", R"({"id":)" + written + "}")).order_id;
    };
    EXPECT_EQ(id("820982911946154508"), "820982911946154508");
    EXPECT_EQ(id("9007199254740993"), "9007199254740993");
    EXPECT_EQ(id("9223372036854775807"), "9223372036854775807");
    EXPECT_EQ(id(R"("820982911946154508")"), "820982911946154508");
    for (std::string const none : {"9223372036854775808", "1.0", "1e3", "null", "[1]", "{}", R"("")", "true"})
        body<DeadLettered>(wire_event("orders/create", R"({"id":)" + none + "}"));
}

TEST(ShopifyWire, WhatAPersonLeftOutIsNullEmptyOrAbsent) {
    for (std::string const fields :
         {R"("email":null,"phone":null,"customer":null,)", R"("email":"","phone":"","customer":{},)",
          R"("email":null,"customer":[],)", R"("customer":{"id":null,"email":null,"default_address":null},)", ""}) {
        EXPECT_EQ(wire_event("checkouts/update", "{" + fields + R"("token":"t"})").keys.size(), 1u) << fields;
        EXPECT_EQ(wire_event("orders/create", "{" + fields + R"("id":1,"checkout_token":null,"cart_token":null})")
                      .keys.size(),
                  1u)
            << fields;
    }
}

TEST(ShopifyWire, FieldsThatChangeTheirKindDoNotMatter) {
    for (std::string const fields : {R"("properties":null)", R"("properties":{})", R"("properties":{"a":"b"})",
                                     R"("properties":[{"name":"a","value":1}])",
                                     R"("device_id":1,"location_id":"2","tags":"a, b","total_duties":null)",
                                     R"("sku":null,"variant_title":null)"}) {
        auto const json =
            R"({"token":"t","device_id":null,"line_items":[{"variant_id":1,"price":"2.00","quantity":3,)" + fields +
            "}]," + fields + "}";
        EXPECT_EQ(body<CartChanged>(wire_event("checkouts/update", json)).subtotal_minor, 600) << fields;
    }
    for (std::string const codes : {"[]", "null", R"({"code":"A"})", R"([null,{"code":null},{"amount":"1"}])"})
        EXPECT_TRUE(body<CartChanged>(wire_event("checkouts/update", R"({"token":"t","discount_codes":)" + codes + "}"))
                        .discount_codes.empty())
            << codes;
    EXPECT_TRUE(body<CartChanged>(wire_event("carts/create", R"({"token":"t","line_items":[]})")).has_content);
}

TEST(ShopifyWire, TimesComeInEveryOffset) {
    for (std::string const time :
         {"2025-11-20T05:05:02-05:00", "2025-11-20T10:05:02+00:00", "2025-11-20T10:05:02Z", "2025-11-20T10:05:02.000Z",
          "2025-11-20T15:35:02+05:30", "2025-11-20 10:05:02Z", "2025-11-20T10:05:02.000999Z"})
        EXPECT_EQ(
            to_rfc3339(wire_event("carts/update", R"({"token":"t","line_items":[],"updated_at":")" + time + R"("})")
                           .occurred_at),
            "2025-11-20T10:05:02Z")
            << time;
    auto const mixed = wire_event(
        "checkouts/update",
        R"({"token":"t","created_at":"2025-11-20T11:00:00+01:00","updated_at":"2025-11-20T05:05:02-05:00"})");
    EXPECT_EQ(to_rfc3339(body<CartChanged>(mixed).created_at), "2025-11-20T10:00:00Z");
    // Without any time of its own the delivery's counts.
    EXPECT_EQ(
        to_millis(wire_event("carts/update", R"({"token":"t","line_items":[],"updated_at":null})").occurred_at) % 1000,
        250);
}

}  // namespace
}  // namespace recoup
