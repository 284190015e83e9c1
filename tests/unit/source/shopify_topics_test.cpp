#include "sender.hpp"

namespace recoup {
namespace {

using test::body;
using test::has_key;
using test::Sender;

Event read(std::string topic, std::string json, std::string triggered_at = {}) {
    Sender sender(source::shopify_source());
    sender.header("X-Shopify-Topic", std::move(topic));
    sender.header("X-Shopify-Webhook-Id", "w1");
    if (!triggered_at.empty()) sender.header("X-Shopify-Triggered-At", std::move(triggered_at));
    sender.http.body = std::move(json);
    return sender.event();
}

constexpr std::string_view checkout = R"({
 "id":981820079255243537,"token":"84ad78572dae52a8cbea7d55371afe89","cart_token":"Z2NwLXVzLWVhc3QxOjAx?key=abc",
 "email":" Jane@Example.com ","phone":null,"gateway":null,"buyer_accepts_marketing":true,
 "buyer_accepts_sms_marketing":true,"sms_marketing_phone":"(212) 555-1234",
 "created_at":"2025-11-20T10:05:00+00:00","updated_at":"2025-11-20T05:05:02-05:00","completed_at":null,
 "currency":"EUR","presentment_currency":"USD","customer_locale":"en-US","source_name":"web",
 "abandoned_checkout_url":"https://shop.example/1/checkouts/ac/Z2Nw/recover?key=abc",
 "discount_codes":[{"code":"HELLO","amount":"10.00","type":"percentage"}],"shipping_lines":[],"shipping_address":[],
 "billing_address":{"country_code":"US","province_code":"NY","zip":"10001"},
 "subtotal_price":"1200.00","total_price":"1210.5","new_key":{"deep":[1,2,{"x":null}]},
 "line_items":[{"key":"k","variant_id":41327142600817,"product_id":7234590408817,"sku":"HB-158","title":"Board",
  "variant_title":"158cm","quantity":2,"price":"600.00","gift_card":false,"properties":null}],
 "customer":{"id":603851970716743426,"email":"login@example.com","first_name":"Jane","last_name":"Doe"}})";

TEST(ShopifyTopics, ACheckoutBecomesACartWithContactConsentAndPlace) {
    auto const event = read("checkouts/update", std::string(checkout), "2025-11-20T10:05:03.250Z");
    EXPECT_EQ(to_rfc3339(event.occurred_at), "2025-11-20T10:05:02Z");  // the payload's time, not Triggered-At
    EXPECT_EQ(event.order_hint % 1000, 250);
    EXPECT_TRUE(has_key(event, KeyKind::cart_token, "Z2NwLXVzLWVhc3QxOjAx"));
    EXPECT_TRUE(has_key(event, KeyKind::checkout_token, "84ad78572dae52a8cbea7d55371afe89"));
    EXPECT_TRUE(has_key(event, KeyKind::email, "jane@example.com"));
    EXPECT_TRUE(has_key(event, KeyKind::phone, "+12125551234"));
    EXPECT_TRUE(has_key(event, KeyKind::customer_id, "603851970716743426"));
    EXPECT_EQ(event.keys.size(), 5u);
    ASSERT_EQ(event.consents.size(), 2u);
    EXPECT_EQ(event.consents[0].address, "jane@example.com");
    EXPECT_EQ(event.consents[0].state, ConsentState::granted);
    EXPECT_EQ(event.consents[1].channel, Channel::sms);
    EXPECT_EQ(event.consents[1].address, "+12125551234");
    auto const cart = body<CartChanged>(event);
    EXPECT_EQ(cart.stage, Stage::contact);
    EXPECT_EQ(cart.currency, "USD");
    EXPECT_EQ(cart.subtotal_minor, 120000);
    EXPECT_EQ(cart.total_minor, 121050);
    ASSERT_EQ(cart.lines.size(), 1u);
    EXPECT_EQ(cart.lines[0].variant_id, "41327142600817");
    EXPECT_EQ(cart.lines[0].price_minor, 60000);
    EXPECT_EQ(cart.discount_codes, std::vector<std::string>{"HELLO"});
    EXPECT_EQ(cart.recovery_url, "https://shop.example/1/checkouts/ac/Z2Nw/recover?key=abc");
    EXPECT_EQ(cart.first_name + cart.country + cart.region + cart.postal_code, "JaneUSNY10001");
}

TEST(ShopifyTopics, ACheckoutMayLackAlmostEverything) {
    auto const event = read("checkouts/create", R"({"token":"t1","cart_token":null,"email":null,"phone":"","customer":null,
        "shipping_address":null,"line_items":[],"abandoned_checkout_url":"javascript:alert","gateway":"",
        "buyer_accepts_marketing":true,"updated_at":"not a time","total_price":12})");
    auto const cart = body<CartChanged>(event);
    EXPECT_EQ(event.keys.size(), 1u);
    EXPECT_TRUE(event.consents.empty());
    EXPECT_EQ(event.occurred_at, event.received_at);
    EXPECT_EQ(cart.stage, Stage::checkout);
    EXPECT_TRUE(cart.has_content && cart.lines.empty() && cart.recovery_url.empty());
    EXPECT_EQ(cart.total_minor, 1200);
}

TEST(ShopifyTopics, TheStageFollowsWhatIsFilledIn) {
    auto const stage = [](std::string fields) {
        return body<CartChanged>(read("checkouts/update", R"({"token":"t",)" + fields + "}")).stage;
    };
    EXPECT_EQ(stage(R"("shipping_address":{},"email":"a@b.example")"), Stage::contact);
    EXPECT_EQ(stage(R"("shipping_address":{"zip":"1"})"), Stage::shipping);
    EXPECT_EQ(stage(R"("shipping_lines":[{"title":"Post"}])"), Stage::shipping);
    EXPECT_EQ(stage(R"("gateway":"shopify_payments","shipping_address":[])"), Stage::payment);
}

TEST(ShopifyTopics, ACartTakesItsCurrencyFromTheMoneyPairs) {
    auto const event = read("carts/update", R"({"id":"c1","token":"c1","created_at":"2025-11-20T10:00:01.251Z",
        "updated_at":"2025-11-20T10:03:44.902Z","line_items":[{"variant_id":1,"quantity":3,"price":"500",
        "discounted_price":"450","price_set":{"shop_money":{"amount":"3.20","currency_code":"EUR"},
        "presentment_money":{"amount":"500","currency_code":"JPY"}}}]})");
    auto const cart = body<CartChanged>(event);
    EXPECT_EQ(cart.currency, "JPY");
    EXPECT_EQ(cart.subtotal_minor, 1350);
    EXPECT_EQ(cart.stage, Stage::cart);
    EXPECT_EQ(to_millis(event.occurred_at) % 1000, 902);
    auto const emptied = body<CartChanged>(read("carts/update", R"({"token":"c1","line_items":[]})"));
    EXPECT_TRUE(emptied.has_content && emptied.lines.empty());
}

TEST(ShopifyTopics, SalesChannelsCompaniesDraftsAndRenewalsAreToldApart) {
    auto const source = [](std::string more) {
        return body<CartChanged>(read("checkouts/create", R"({"token":"t","email":"j@example.com","line_items":[])" + more + "}")).source_name;
    };
    EXPECT_EQ(source(R"(,"source_name":"pos")"), "pos");
    EXPECT_EQ(source(R"(,"source_name":"web","company":{"id":1,"location_id":2})"), "b2b");
    EXPECT_EQ(source(R"(,"source_name":"web","company":null)"), "web");

    auto const draft = read("draft_orders/create", R"({"id":5,"email":"j@example.com","created_at":"2025-11-20T09:00:00Z","updated_at":"2025-11-20T10:00:00Z"})");
    EXPECT_TRUE(has_key(draft, KeyKind::email, "j@example.com"));
    EXPECT_EQ(body<CartChanged>(draft).source_name, "shopify_draft_order");
    EXPECT_EQ(to_rfc3339(body<CartChanged>(draft).created_at), "2025-11-20T09:00:00Z");
    body<UnknownHappened>(read("draft_orders/create", R"({"id":5,"email":null,"customer":null})"));   // for nobody yet

    auto const renewal = [](std::string name) {
        return body<OrderPlaced>(read("orders/create", R"({"id":1,"source_name":")" + name + "\"}")).renewal;
    };
    EXPECT_TRUE(renewal("subscription_contract"));
    EXPECT_FALSE(renewal("subscription_contract_checkout_one"));
    EXPECT_FALSE(renewal("web"));
}

TEST(ShopifyTopics, AChargebackThatIsLostTakesTheMoneyBack) {
    auto const dispute = [](std::string status) {
        return read("disputes/update", R"({"id":285332461,"order_id":820982911946154508,"type":"chargeback","amount":"11.50","currency":"USD",
            "reason":"fraudulent","status":")" + status + R"(","finalized_on":"2025-11-20T09:00:00Z"})");
    };
    auto const lost = body<OrderRefunded>(dispute("lost"));
    EXPECT_EQ(lost.order_id, "820982911946154508");
    EXPECT_EQ(lost.refund_id, "dispute:285332461");
    EXPECT_EQ(lost.amount_minor, 1150);
    for (auto const* open : {"needs_response", "under_review", "won"}) body<UnknownHappened>(dispute(open));
}

TEST(ShopifyTopics, ACheckoutAndAnOrderToOneDoorHaveOneMark) {
    std::string const door = R"({"last_name":"Doe","address1":"1 Main St","zip":"10001","city":"New York","country_code":"US"})";
    auto const cart = body<CartChanged>(read("checkouts/create", R"({"token":"t","shipping_address":)" + door + "}"));
    auto const order = body<OrderPlaced>(read("orders/create", R"({"id":1,"email":"other@example.com","billing_address":)" + door + "}"));
    EXPECT_FALSE(cart.address_mark.empty());
    EXPECT_EQ(cart.address_mark, order.address_mark);
    EXPECT_EQ(body<CartChanged>(read("checkouts/create", R"({"token":"t","shipping_address":[]})")).address_mark, "");
}

TEST(ShopifyTopics, AnOrderKnowsItsTokensAndWhetherItIsPaid) {
    auto const event = read("orders/create", R"({"id":820982911946154508,"token":"not-the-checkout","checkout_token":"ct",
        "cart_token":null,"email":"","contact_email":"a@b.example","phone":"+15551234567","name":"#1001",
        "created_at":"2025-11-20T10:06:00Z","updated_at":"2099-01-01T00:00:00Z","financial_status":"PAID","currency":"KWD",
        "total_price":"1.2345","landing_site":"/?utm_source=recoup","test":true,"cancelled_at":null,
        "shipping_address":[],"customer":{"id":5,"first_name":"A","default_address":{"country_code":"kw"}}})");
    EXPECT_EQ(event.occurred_at, event.received_at);  // never from the future
    EXPECT_TRUE(has_key(event, KeyKind::order_id, "820982911946154508"));
    EXPECT_TRUE(has_key(event, KeyKind::checkout_token, "ct"));
    EXPECT_TRUE(has_key(event, KeyKind::email, "a@b.example"));
    EXPECT_FALSE(has_key(event, KeyKind::checkout_token, "not-the-checkout"));
    auto const order = body<OrderPlaced>(event);
    EXPECT_EQ(order.total, (Money{1235, "KWD"}));
    EXPECT_TRUE(order.paid && order.test);
    EXPECT_EQ(order.country, "KW");
    EXPECT_EQ(order.landing_site, "/?utm_source=recoup");
    auto const cancelled = body<OrderPlaced>(read("orders/cancelled", R"({"id":1,"updated_at":"2025-11-20T10:00:00Z"})"));
    EXPECT_EQ(to_rfc3339(cancelled.cancelled_at), "2025-11-20T10:00:00Z");
}

TEST(ShopifyTopics, TransactionsFailSucceedOrSayNothing) {
    auto const read_one = [](std::string fields) {
        return read("order_transactions/create", R"({"id":12,"order_id":34,"amount":"419.95","currency":"USD",)" + fields + "}");
    };
    auto const failed = body<PaymentChanged>(read_one(R"("kind":"sale","status":"failure","error_code":"Card_Declined")"));
    EXPECT_EQ(failed.state, PaymentState::failed);
    EXPECT_EQ(failed.payment_id + "/" + failed.attempt_id + "/" + failed.decline_code, "34/12/card_declined");
    EXPECT_EQ(failed.amount.minor, 41995);
    EXPECT_EQ(body<PaymentChanged>(read_one(R"("kind":"capture","status":"success")")).state, PaymentState::paid);
    body<UnknownHappened>(read_one(R"("kind":"refund","status":"success")"));
    body<UnknownHappened>(read_one(R"("kind":"sale","status":"pending")"));
}

TEST(ShopifyTopics, RefundAmountsAreNumbersAndStayExact) {
    auto const event = read("refunds/create", R"({"id":7,"order_id":820982911946154508,"refund_line_items":[
        {"subtotal":89.99,"total_tax":0.1},{"subtotal":0.2,"total_tax":0},{"subtotal":"1.005"}]})");
    auto const refund = body<OrderRefunded>(event);
    EXPECT_EQ(refund.amount_minor, 8999 + 10 + 20 + 101);
    EXPECT_EQ(refund.refund_id, "7");
}

TEST(ShopifyTopics, TheTwoConsentTopicsNameThePersonDifferently) {
    auto const email = read("customers_email_marketing_consent/update", R"({"customer_id":706405506930370084,
        "email_address":"Bob@Biller.com","email_marketing_consent":{"state":"subscribed","consent_updated_at":"2025-11-19T00:00:00Z"}})");
    EXPECT_TRUE(has_key(email, KeyKind::customer_id, "706405506930370084"));
    EXPECT_EQ(body<ConsentChanged>(email).state, ConsentState::granted);
    EXPECT_EQ(body<ConsentChanged>(email).address, "bob@biller.com");
    EXPECT_EQ(to_rfc3339(email.occurred_at), "2025-11-19T00:00:00Z");
    EXPECT_FALSE(body<ConsentChanged>(email).confirmed);
    auto const twice = read("customers_marketing_consent/update", R"({"id":1,"phone":"+15551234567",
        "sms_marketing_consent":{"state":"subscribed","opt_in_level":"confirmed_opt_in"}})");
    EXPECT_TRUE(body<ConsentChanged>(twice).confirmed);
    auto const sms = [](std::string const& state) {
        return body<ConsentChanged>(read("customers_marketing_consent/update", R"({"id":1,"phone":"+15551234567",
            "sms_marketing_consent":{"state":")" + state + R"("}})")).state;
    };
    EXPECT_EQ(sms("subscribed"), ConsentState::granted);
    EXPECT_EQ(sms("not_subscribed"), ConsentState::denied);
    EXPECT_EQ(sms("unsubscribed"), ConsentState::revoked);
    EXPECT_EQ(sms("redacted"), ConsentState::revoked);
    EXPECT_EQ(sms("pending"), ConsentState::pending);
    EXPECT_EQ(sms("something new"), ConsentState::unknown);
}

TEST(ShopifyTopics, ACustomerOfOlderVersionsRepeatsConsentsAsOfTheirOwnTime) {
    auto const event = read("customers/update", R"({"id":1,"email":"bob@biller.com","phone":"+12125551234","updated_at":"2025-11-19T00:00:00Z",
        "email_marketing_consent":{"state":"subscribed","opt_in_level":"confirmed_opt_in","consent_updated_at":"2024-01-02T03:04:05Z"},
        "sms_marketing_consent":{"state":"not_subscribed","opt_in_level":"single_opt_in","consent_updated_at":null}})");
    ASSERT_EQ(event.consents.size(), 1u) << "without a time nothing was ever said";
    EXPECT_EQ(to_rfc3339(event.consents[0].said_at), "2024-01-02T03:04:05Z");
    EXPECT_TRUE(event.consents[0].confirmed);
    EXPECT_EQ(to_rfc3339(event.occurred_at), "2025-11-19T00:00:00Z");
}

TEST(ShopifyTopics, PrivacyTopicsEraseExportAndUninstall) {
    std::string const json = R"({"shop_id":954889,"shop_domain":"x.myshopify.com","customer":{"email":"john@example.com",
        "phone":"555-625-1199"},"data_request":{"id":9999},"orders_to_redact":[299938]})";
    auto const erased = read("customers/redact", json, "2025-11-20T09:00:00Z");
    body<PersonErased>(erased);
    EXPECT_TRUE(has_key(erased, KeyKind::email, "john@example.com"));
    EXPECT_TRUE(has_key(erased, KeyKind::phone, "+15556251199"));
    EXPECT_EQ(to_rfc3339(erased.occurred_at), "2025-11-20T09:00:00Z");
    EXPECT_EQ(body<DataRequested>(read("customers/data_request", json)).request_id, "9999");
    body<ShopErased>(read("shop/redact", json));
    body<ShopUninstalled>(read("app/uninstalled", R"({"id":1,"myshopify_domain":null})"));
}

TEST(ShopifyTopics, ProductsAndStockSayWhatCanBeBought) {
    auto const product = body<ProductChanged>(read("products/update", R"({"id":1,"title":"Board","status":"archived",
        "image":{"src":"https://cdn.example/a.jpg"},"images":[{"id":9,"src":"https://cdn.example/b.jpg"}],
        "variants":[{"id":2,"product_id":1,"price":"600.00","sku":null,"inventory_policy":"continue","inventory_quantity":-3,
        "inventory_item_id":77,"image_id":9},{"id":3,"price":"1","inventory_management":null,"inventory_quantity":0}]})"));
    ASSERT_EQ(product.variants.size(), 2u);
    EXPECT_EQ(product.variants[0].available, -3);
    EXPECT_TRUE(product.variants[0].sell_when_out);
    EXPECT_FALSE(product.variants[0].active);
    EXPECT_EQ(product.variants[0].image_url, "https://cdn.example/b.jpg");
    EXPECT_EQ(product.variants[1].available, std::nullopt);
    auto const stock = body<StockChanged>(read("inventory_levels/update", R"({"inventory_item_id":271878346596884015,
        "location_id":24826418,"available":6})"));
    EXPECT_EQ(stock.inventory_item_id, "271878346596884015");
    EXPECT_EQ(stock.available, 6);
}

TEST(ShopifyTopics, ADeletedProductIsGoneAsAWhole) {
    auto const gone = body<ProductChanged>(read("products/delete", R"({"id":1})"));
    ASSERT_EQ(gone.variants.size(), 1u);
    EXPECT_EQ(gone.variants[0].variant_id, whole_product("1"));
    EXPECT_FALSE(gone.variants[0].active);
}

TEST(ShopifyTopics, DiscountsTellWhetherTheirCodeWorks) {
    auto const coupon = [](std::string topic, std::string json) { return body<CouponChanged>(read(std::move(topic), std::move(json))).coupon; };
    auto const update = [&](std::string const& status) {
        return coupon("discounts/update", R"({"admin_graphql_api_id":"gid://shopify/DiscountCodeNode/1","title":"BACK10","status":")" +
                                              status + R"(","updated_at":"2025-11-20T10:05:00Z"})");
    };
    EXPECT_EQ(update("ACTIVE").code, "BACK10");
    EXPECT_TRUE(update("ACTIVE").active);
    EXPECT_FALSE(update("EXPIRED").active);
    EXPECT_FALSE(update("SCHEDULED").active);
    EXPECT_TRUE(coupon("discounts/redeemcode_added", R"({"redeem_code":{"code":"ONE"}})").active);
    EXPECT_FALSE(coupon("discounts/redeemcode_removed", R"({"redeem_code":{"code":"ONE"}})").active);
    body<UnknownHappened>(read("discounts/update", R"({"admin_graphql_api_id":"gid://shopify/DiscountAutomaticNode/1","title":"Sale","status":"ACTIVE"})"));
}

TEST(ShopifyTopics, WhatLacksItsNeedIsKeptWithItsBytes) {
    for (std::string const topic : {"checkouts/update", "checkouts/delete", "carts/update", "orders/paid", "refunds/create",
                                    "order_transactions/create", "customers/update", "customers/redact", "products/update",
                                    "customers_email_marketing_consent/update", "inventory_levels/update"}) {
        std::string const json = R"({"email_address":"@","nothing":"of use"})";
        auto const letter = body<DeadLettered>(read(topic, json));
        EXPECT_EQ(letter.raw, json) << topic;
        EXPECT_FALSE(letter.reason.empty()) << topic;
    }
    body<UnknownHappened>(read("orders/edited", R"({"order_edit":{}})"));
    body<UnknownHappened>(read("comets/sighted", "{}"));
}

TEST(ShopifyTopics, LongAndStrangeTextIsBounded) {
    std::string snow;
    while (snow.size() < 3000) snow += "☃";
    auto const cart = body<CartChanged>(read("checkouts/update", R"({"token":"t","line_items":[{"title":")" + snow +
        R"(","quantity":99999999999,"price":"1\u0000"},{"quantity":0,"title":"gone"}],"customer":{"first_name":"a\u0000\nb"}})"));
    ASSERT_EQ(cart.lines.size(), 1u);
    EXPECT_EQ(cart.lines[0].title.size(), 1023u);  // whole snowmen only
    EXPECT_EQ(cart.lines[0].quantity, 1'000'000);
    EXPECT_EQ(cart.lines[0].price_minor, 0);
    EXPECT_EQ(cart.first_name, "a  b");
}

}  // namespace
}  // namespace recoup
