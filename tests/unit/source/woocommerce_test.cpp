#include "sender.hpp"

namespace recoup {
namespace {

using test::body;
using test::has_key;
using test::Sender;

Sender hook(std::string topic, std::string json, std::string signature = {}) {
    Sender sender(source::woocommerce_source());
    sender.http.body = std::move(json);
    sender.header("Content-Type", "application/json");
    sender.header("X-WC-Webhook-Topic", std::move(topic));
    sender.header("X-WC-Webhook-Signature", std::move(signature));
    return sender;
}

// The vector of the wire notes, made with another implementation.
constexpr std::string_view vector_body =
    R"({"token":"123123123","cart_token":"eeafa272cebfd4b22385bc4b645e762c",)"
    R"("email":"bob@example.com","total_price":"421.88"})";

TEST(WooCommerceSource, VerifiesTheKnownVector) {
    auto sender = hook("order.updated", std::string(vector_body), "PfLOUdWsXqDR+Q8H+YFk8fEje9/Gdq5RiJuNMNxuNcM=");
    sender.add_secret("hmac", "woo_secret");
    EXPECT_EQ(test::code_of(sender.authenticate()), "ok");
    sender.http.body += " ";
    EXPECT_EQ(test::code_of(sender.authenticate()), "unauthorized");
    sender.http.headers[2].second.clear();
    EXPECT_EQ(test::code_of(sender.authenticate()), "invalid");
}

TEST(WooCommerceSource, SignsWithTheSecretWithoutItsHtmlEscapes) {
    for (auto const& [stored, used] :
         {std::pair{"a&amp;b", "a&b"}, {"a&b", "a&b"}, {"&#039;&quot;&lt;&amp;lt;", "'\"<&lt;"}, {"x&", "x&"}}) {
        auto sender = hook("order.updated", "{}", to_base64(hmac_sha256(as_bytes(used), "{}")));
        sender.add_secret("hmac", stored);
        EXPECT_EQ(test::code_of(sender.authenticate()), "ok") << stored;
    }
    auto empty = hook("order.updated", "{}", to_base64(hmac_sha256(as_bytes("x"), "{}")));
    empty.add_secret("hmac", "");
    EXPECT_EQ(test::code_of(empty.authenticate()), "unauthorized");
}

TEST(WooCommerceSource, AnswersThePingAndNothingLikeIt) {
    Sender ping(source::woocommerce_source());
    ping.header("Content-Type", "application/x-www-form-urlencoded");
    ping.http.body = "webhook_id=123";
    EXPECT_EQ(test::code_of(ping.authenticate()), "ok");
    EXPECT_TRUE(ping.parse()->items.empty());
    EXPECT_EQ(ping.source->answer({}).status, 200);
    for (std::string const other :
         {"webhook_id=", "webhook_id=12a", "webhook_id=1&x=2", "webhook_id=123456789012345678901", ""}) {
        ping.http.body = other;
        EXPECT_FALSE(ping.authenticate()) << other;
    }
    ping.http.body = "webhook_id=123";
    ping.http.headers[0].second = "application/json";
    EXPECT_FALSE(ping.authenticate());
}

Delivery order_of(std::string status, std::string more = {}) {
    auto delivery =
        hook("order.updated",
             R"({"id":7,"number":"1007","order_key":"wc_order_x","currency":"EUR","customer_id":0,"total":"29.35",
        "date_created_gmt":"2025-11-20T09:00:00","date_modified_gmt":"2025-11-20T10:05:00",
        "payment_url":"https://shop.example/pay/7",
        "billing":{"email":"Jane@Example.com","phone":"030 1234","country":"DE","first_name":"Jane"},
        "coupon_lines":[{"code":"HI"}],
        "line_items":[{"product_id":3,"variation_id":0,"quantity":3,"name":"Board","price":8.3333333,"total":"25.00",
        "image":{"src":"https://s.example/i.png"}}],
        "status":")" +
                 status + "\"" + more + "}")
            .parse();
    EXPECT_TRUE(delivery.has_value());
    return delivery ? *std::move(delivery) : Delivery{};
}

TEST(WooCommerceSource, AnUnpaidOrderIsACheckout) {
    auto const event = *order_of("pending").items.at(0).event;
    EXPECT_TRUE(event.id.starts_with("woocommerce:order.updated:7:"));
    EXPECT_EQ(to_rfc3339(event.occurred_at), "2025-11-20T10:05:00Z");
    EXPECT_TRUE(has_key(event, KeyKind::email, "jane@example.com") && has_key(event, KeyKind::order_id, "7"));
    EXPECT_TRUE(has_key(event, KeyKind::checkout_token, "woocommerce-order:7"));
    EXPECT_FALSE(has_key(event, KeyKind::customer_id, "0"));
    auto const cart = body<CartChanged>(event);
    EXPECT_EQ(cart.recovery_url, "https://shop.example/pay/7");
    EXPECT_EQ(cart.subtotal_minor, 2500);
    EXPECT_EQ(cart.total_minor, 2935);
    EXPECT_EQ(cart.lines.at(0).price_minor, 833);
    EXPECT_EQ(cart.lines[0].variant_id, "3");
    EXPECT_EQ(to_rfc3339(cart.created_at), "2025-11-20T09:00:00Z");
    EXPECT_EQ(cart.stage, Stage::payment);
}

TEST(WooCommerceSource, AFailedOrderIsAFailedPaymentAndNoCheckoutAnyMore) {
    auto const delivery = order_of("failed");
    ASSERT_EQ(delivery.items.size(), 2u);
    auto const payment = body<PaymentChanged>(*delivery.items[0].event);
    EXPECT_EQ(payment.payment_id + payment.recovery_url, "7https://shop.example/pay/7");
    EXPECT_EQ(payment.amount, (Money{2935, "EUR"}));
    body<CartDeleted>(*delivery.items[1].event);
    EXPECT_NE(delivery.items[0].event->id, delivery.items[1].event->id);
}

TEST(WooCommerceSource, APaidOrderIsPlacedWhateverItsStatusIsCalled) {
    for (std::string const status : {"processing", "completed"})
        EXPECT_TRUE(body<OrderPlaced>(*order_of(status).items.at(0).event).paid);
    auto const shipped =
        body<OrderPlaced>(*order_of("shipped", R"(,"date_paid_gmt":"2025-11-20T09:30:00")").items.at(0).event);
    EXPECT_TRUE(shipped.paid);
    EXPECT_EQ(shipped.order_id + shipped.order_name, "7#1007");
    EXPECT_EQ(to_rfc3339(shipped.placed_at), "2025-11-20T09:00:00Z");
    EXPECT_FALSE(body<OrderPlaced>(*order_of("on-hold").items.at(0).event).paid);
    body<CartDeleted>(*order_of("cancelled").items.at(0).event);
    EXPECT_NE(body<OrderPlaced>(*order_of("cancelled", R"(,"payment_method":"bacs")").items.at(0).event).cancelled_at,
              never);
}

TEST(WooCommerceSource, RefundsAreToldOnceEach) {
    auto const delivery = order_of(
        "refunded",
        R"(,"date_paid_gmt":"2025-11-20T09:30:00","refunds":[{"id":8,"total":"-5.00"},{"id":9,
        "total":"-1.25"},{"id":10}])");
    ASSERT_EQ(delivery.items.size(), 3u);
    EXPECT_EQ(delivery.items[2].event->id, "woocommerce:refund:7:9");
    EXPECT_EQ(body<OrderRefunded>(*delivery.items[2].event).amount_minor, 125);
}

TEST(WooCommerceSource, ReadsCustomersAndProducts) {
    auto const customer =
        hook("customer.updated",
             R"({"id":5,"email":"a@b.example","first_name":"A","billing":{"phone":"+49301234567","country":"DE"}})")
            .event();
    EXPECT_TRUE(has_key(customer, KeyKind::customer_id, "5") && has_key(customer, KeyKind::phone, "+49301234567"));
    EXPECT_EQ(body<CustomerChanged>(customer).country, "DE");
    body<UnknownHappened>(hook("customer.deleted", R"({"id":5})").event());
    auto const variant =
        body<ProductChanged>(
            hook("product.updated", R"({"id":31,"parent_id":3,"type":"variation","name":"Board M","price":"10.00",
        "status":"publish","manage_stock":true,"stock_quantity":2,"backorders_allowed":true,
        "images":[{"src":"https://s.example/i.png"}]})")
                .event())
            .variants.at(0);
    EXPECT_EQ(variant.variant_id + "/" + variant.product_id, "31/3");
    EXPECT_EQ(variant.available, 2);
    EXPECT_EQ(variant.price_minor, 1000);
    EXPECT_TRUE(variant.sell_when_out && variant.active);
    EXPECT_EQ(body<ProductChanged>(hook("product.updated", R"({"id":3,"stock_status":"outofstock"})").event())
                  .variants.at(0)
                  .available,
              0);
    EXPECT_TRUE(
        body<ProductChanged>(hook("product.updated", R"({"id":3,"type":"variable"})").event()).variants.empty());
    EXPECT_FALSE(body<ProductChanged>(hook("product.deleted", R"({"id":3})").event()).variants.at(0).active);
    body<CartDeleted>(hook("order.deleted", R"({"id":7})").event());
    auto const coupon = body<CouponChanged>(hook("coupon.updated", R"({"id":1,"code":"back10","amount":"10.00","discount_type":"percent",
        "date_expires_gmt":"2026-12-01T00:00:00","usage_limit":5,"usage_count":5})").event()).coupon;
    EXPECT_EQ(coupon.code, "back10");
    EXPECT_EQ(coupon.percent, 10);
    EXPECT_EQ(coupon.uses_left, 0);
    EXPECT_EQ(to_rfc3339(coupon.ends_at), "2026-12-01T00:00:00Z");
    body<UnknownHappened>(hook("coupon.deleted", R"({"id":1})").event());
    body<UnknownHappened>(hook("action.woocommerce_add_to_cart", R"({"action":"x","arg":1})").event());
    for (std::string const topic : {"order.created", "order.deleted", "customer.created", "product.deleted"})
        body<DeadLettered>(hook(topic, "{}").event());
    EXPECT_EQ(hook("order.created", "[]").parse().error().code, Errc::invalid);
}

}  // namespace
}  // namespace recoup
