#include "sender.hpp"

namespace recoup {
namespace {

using test::body;
using test::has_key;
using test::Sender;

Sender caller(std::string call, std::string json) {
    Sender sender(source::segment_source());
    sender.add_secret("write_key", "wk_1");
    sender.call = std::move(call);
    sender.http.body = std::move(json);
    return sender;
}

Event track(std::string event, std::string properties) {
    return caller("v1/track", R"({"messageId":"m1","userId":"5","anonymousId":"a1","event":")" + event +
                                  R"(","properties":)" + properties + R"(,"timestamp":"2025-11-20T10:00:00Z"})")
        .event();
}

TEST(SegmentSource, ServesTheCallsOfTheTrackingApi) {
    auto const source = source::segment_source();
    for (std::string_view const call :
         {"", "v1/track", "v1/identify", "v1/page", "v1/screen", "v1/group", "v1/alias", "v1/batch", "v1/import"})
        EXPECT_TRUE(source->serves(call)) << call;
    for (std::string_view const call : {"v1/", "v1", "v2/track", "track/v1", "v1/tracks"})
        EXPECT_FALSE(source->serves(call)) << call;
}

TEST(SegmentSource, TakesTheWriteKeyAsUserNameAsBearerOrInTheBody) {
    auto with = [](std::string authorization, std::string json = "{}") {
        auto sender = caller("v1/track", std::move(json));
        if (!authorization.empty()) sender.header("Authorization", std::move(authorization));
        return test::code_of(sender.authenticate());
    };
    EXPECT_EQ(with("Basic " + to_base64(as_bytes("wk_1:"))), "ok");
    EXPECT_EQ(with("basic " + to_base64(as_bytes("wk_1"))), "ok");
    EXPECT_EQ(with("Basic " + to_base64(as_bytes("wk_1:password"))), "ok");
    EXPECT_EQ(with("Bearer wk_1"), "ok");
    EXPECT_EQ(with("", R"({"writeKey":"wk_1"})"), "ok");
    for (auto const& wrong : {"Basic " + to_base64(as_bytes("wk_2:")), std::string("Basic wk_1"), std::string("wk_1"),
                              "Basic " + to_base64(as_bytes(":wk_1")), std::string("Basic")})
        EXPECT_EQ(with(wrong, R"({"writeKey":"wk_1"})"), "unauthorized") << wrong;
    EXPECT_EQ(with(""), "unauthorized");
    EXPECT_EQ(with("", R"({"writeKey":""})"), "unauthorized");
    EXPECT_EQ(with("", "not json"), "invalid");
}

constexpr std::string_view whole_cart =
    R"({"cart_id":"c1","order_id":"o1","currency":"jpy","revenue":1300,"coupon":"HI","products":[
 {"product_id":"p","variant_id":"v","sku":"S","name":"Board","variant":"M","price":650,"quantity":2,
        "image_url":"https://s.example/i.png"},
 {"product_id":"q","quantity":0}]})";

TEST(SegmentSource, ReadsACheckoutWithItsWholeCart) {
    auto const event = track("Checkout Started", std::string(whole_cart));
    EXPECT_EQ(event.id + " " + event.topic, "segment:m1 Checkout Started");
    EXPECT_TRUE(event.trusted);
    EXPECT_EQ(to_rfc3339(event.occurred_at), "2025-11-20T10:00:00Z");
    EXPECT_TRUE(has_key(event, KeyKind::customer_id, "5") && has_key(event, KeyKind::anonymous_id, "a1"));
    EXPECT_TRUE(has_key(event, KeyKind::cart_token, "c1") &&
                has_key(event, KeyKind::checkout_token, "segment-order:o1"));
    auto const cart = body<CartChanged>(event);
    EXPECT_EQ(cart.stage, Stage::checkout);
    EXPECT_EQ(cart.currency, "JPY");
    EXPECT_EQ(cart.subtotal_minor, 1300);
    ASSERT_EQ(cart.lines.size(), 1u);
    EXPECT_EQ(cart.lines[0].title + cart.lines[0].variant_title + cart.lines[0].variant_id, "BoardMv");
    EXPECT_EQ(cart.lines[0].price_minor, 650);
    EXPECT_EQ(cart.discount_codes, std::vector<std::string>{"HI"});
}

TEST(SegmentSource, AProductAddedTouchesACartWithoutClaimingToKnowIt) {
    auto const known = track("Product Added", R"({"cart_id":"c1","product_id":"p","price":1})");
    EXPECT_FALSE(body<CartChanged>(known).has_content);
    EXPECT_EQ(body<BehaviourSeen>(track("product_removed", R"({"product_id":"p"})")).kind, BehaviourKind::cart_changed);
    EXPECT_EQ(body<BehaviourSeen>(track("Cart Viewed", "{}")).kind, BehaviourKind::cart_viewed);
    auto const viewed = body<BehaviourSeen>(track("Product Viewed", R"({"product_id":"p"})"));
    EXPECT_EQ(viewed.product_id, "p");
    EXPECT_EQ(viewed.session_id, "a1:2025-11-20");
    EXPECT_TRUE(body<CartChanged>(track("Cart Viewed", R"({"cart_id":"c1","products":[]})")).has_content);
}

TEST(SegmentSource, StepsOfTheCheckoutReachTheirStages) {
    EXPECT_EQ(
        body<CartChanged>(track("Checkout Step Completed", R"({"checkout_id":"k","step":2,"shipping_method":"air"})"))
            .stage,
        Stage::shipping);
    auto const paying =
        body<CartChanged>(track("Payment Info Entered", R"({"order_id":"o1","payment_method":"Visa"})"));
    EXPECT_EQ(paying.stage, Stage::payment);
    EXPECT_EQ(paying.gateway, "Visa");
    body<DeadLettered>(track("Checkout Started", "{}"));
}

TEST(SegmentSource, ReadsOrdersRefundsAndFailedPayments) {
    auto const event = track("Order Completed",
                             R"({"order_id":"o1","checkout_id":"k","total":"27.50","revenue":25,"currency":"USD"})");
    EXPECT_TRUE(has_key(event, KeyKind::checkout_token, "segment-order:o1") &&
                has_key(event, KeyKind::checkout_token, "k"));
    auto const order = body<OrderPlaced>(event);
    EXPECT_EQ(order.order_id, "o1");
    EXPECT_EQ(order.total.minor, 2750);
    EXPECT_EQ(order.subtotal_minor, 2500);
    EXPECT_TRUE(order.paid);
    EXPECT_EQ(body<OrderPlaced>(track("Order Cancelled", R"({"order_id":"o1"})")).cancelled_at, event.occurred_at);
    auto const refund = body<OrderRefunded>(track("Order Refunded", R"({"order_id":"o1","total":5.25})"));
    EXPECT_EQ(refund.refund_id, "m1");
    EXPECT_EQ(refund.amount_minor, 525);
    auto const failed =
        body<PaymentChanged>(track("Payment Failed", R"({"order_id":"o1","total":9,"decline_code":"Expired_Card"})"));
    EXPECT_EQ(failed.payment_id + failed.decline_code, "o1expired_card");
    EXPECT_EQ(failed.state, PaymentState::failed);
    for (std::string const name : {"Order Completed", "Order Refunded", "Payment Failed", ""})
        body<DeadLettered>(track(name, "{}"));
    body<UnknownHappened>(track("Comet Sighted", "{}"));
}

TEST(SegmentSource, IdentifyNamesAPersonAndAliasJoinsTwo) {
    auto const event =
        caller("v1/identify",
               R"({"messageId":"m1","userId":"5","traits":{"email":"Jane@Example.com","name":"Jane van Doe",
        "phone":"2125551234","accepts_email_marketing":true,"accepts_sms_marketing":false,
        "address":{"country":"United States","state":"NY","postalCode":"10001"}},"context":{"locale":"en-US",
        "timezone":"Europe/Berlin"}})")
            .event();
    EXPECT_TRUE(has_key(event, KeyKind::email, "jane@example.com") && has_key(event, KeyKind::phone, "+12125551234"));
    ASSERT_EQ(event.consents.size(), 1u);
    EXPECT_EQ(event.consents[0].address, "jane@example.com");
    auto const customer = body<CustomerChanged>(event);
    EXPECT_EQ(customer.first_name + "|" + customer.last_name, "Jane|van Doe");
    EXPECT_EQ(customer.country + customer.region + customer.postal_code, "NY10001");
    EXPECT_EQ(customer.timezone + customer.locale, "Europe/Berlinen-US");
    auto const alias = caller("v1/alias", R"({"previousId":"a1","userId":"5"})").event();
    body<CustomerChanged>(alias);
    EXPECT_TRUE(has_key(alias, KeyKind::anonymous_id, "a1") && has_key(alias, KeyKind::customer_id, "5"));
    body<DeadLettered>(caller("v1/alias", R"({"userId":"5"})").event());
    body<DeadLettered>(caller("v1/identify", R"({"traits":{"email":"a@b.example"}})").event());
    EXPECT_EQ(
        body<BehaviourSeen>(caller("v1/page", R"({"anonymousId":"a1","context":{"sessionId":7}})").event()).session_id,
        "7");
    body<UnknownHappened>(caller("v1/group", R"({"anonymousId":"a1","groupId":"g"})").event());
}

TEST(SegmentSource, TakesABatchAndMovesTimesByTheSendersClock) {
    auto const sender = caller("v1/batch", R"({"sentAt":"2031-01-01T00:01:00Z","batch":[
        {"type":"track","anonymousId":"a1","event":"Cart Viewed","messageId":"m1","timestamp":"2031-01-01T00:00:00Z"},
        {"type":"identify"},{"anonymousId":"a1"},7,
        {"type":"page","anonymousId":"a1","timestamp":"1970-01-02T00:00:00Z"}]})");
    auto const delivery = *sender.parse();
    EXPECT_TRUE(delivery.batch);
    ASSERT_EQ(delivery.items.size(), 5u);
    EXPECT_EQ(delivery.items[0].event->occurred_at, sender.received_at - Seconds{60});
    for (std::size_t i = 1; i < 4; ++i) body<DeadLettered>(*delivery.items[i].event);
    EXPECT_EQ(delivery.items[4].event->occurred_at, sender.received_at);
    EXPECT_EQ(sender.source->answer(delivery).body, R"({"success":true})");
    EXPECT_EQ(caller("v1/batch", "{}").parse().error().code, Errc::invalid);
    EXPECT_EQ(caller("v1/track", "[]").parse().error().code, Errc::invalid);
}

TEST(SegmentSource, HoldsToTheLimitsOfTheTrackingApi) {
    std::string many = R"({"batch":[7)";
    for (int i = 0; i < 2499; ++i) many += ",7";
    EXPECT_EQ(caller("v1/import", many + "]}").parse()->items.size(), 2500u);
    EXPECT_EQ(caller("v1/import", many + ",7]}").parse().error().code, Errc::too_large);
    auto const message = [](std::size_t bytes) {
        std::string const rest = R"({"userId":"5","event":"Signed Up","x":""})";
        return R"({"userId":"5","event":"Signed Up","x":")" + std::string(bytes - rest.size(), 'x') + "\"}";
    };
    EXPECT_TRUE(caller("v1/track", message(32 * 1024)).parse());
    EXPECT_EQ(caller("v1/track", message(32 * 1024 + 1)).parse().error().code, Errc::too_large);
    EXPECT_EQ(caller("v1/batch", R"({"batch":[)" + message(32 * 1024 + 1) + "]}").parse().error().code, Errc::too_large);
    EXPECT_EQ(source::segment_source()->body_limit(), 500u * 1024);
}

TEST(SegmentSource, TakesAWriteKeyOfWhichOnlyTheHashIsKept) {
    Sender sender(source::segment_source());
    sender.add_secret("bearer", to_hex(sha256("rk_1")));
    sender.call = "v1/track";
    sender.http.body = R"({"userId":"5","event":"Signed Up"})";
    sender.header("Authorization", "Basic " + to_base64(as_bytes("rk_1:")));
    EXPECT_TRUE(sender.authenticate());
    EXPECT_EQ(sender.source->key_of(sender.request()), &sender.secrets[0]);
    sender.http.headers[0].second = "Basic " + to_base64(as_bytes(to_hex(sha256("rk_1")) + ":"));
    EXPECT_EQ(test::code_of(sender.authenticate()), "unauthorized");   // a stolen hash is no key
}

}  // namespace
}  // namespace recoup
