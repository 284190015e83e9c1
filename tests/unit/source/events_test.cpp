#include "sender.hpp"

#include <nlohmann/json.hpp>

namespace recoup {
namespace {

using test::body;
using test::has_key;
using test::Sender;

// The vector of the Standard Webhooks repository.
constexpr std::string_view vector_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr std::int64_t vector_seconds = 1614265330;
constexpr std::string_view vector_signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

Sender vector_sender(std::string signature = std::string(vector_signature)) {
    Sender sender(source::events_source());
    sender.add_secret("hmac", std::string(vector_secret));
    sender.received_at = instant_from_seconds(vector_seconds);
    sender.http.body = R"({"test": 2432232314})";
    sender.header("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek");
    sender.header("webhook-timestamp", std::to_string(vector_seconds));
    sender.header("webhook-signature", std::move(signature));
    return sender;
}

TEST(EventsSource, VerifiesTheKnownVectorAmongOtherSignaturesAndSecrets) {
    EXPECT_EQ(test::code_of(vector_sender().authenticate()), "ok");
    auto sender = vector_sender("v2,zzz v1a,AAAA v1,AAAA " + std::string(vector_signature) + " v1,");
    sender.secrets.insert(sender.secrets.begin(), {"demo", "events", "hmac", "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", never});
    sender.secrets.insert(sender.secrets.begin(), {"demo", "events", "hmac", "not base64", never});
    EXPECT_EQ(test::code_of(sender.authenticate()), "ok");
    sender.http.body += " ";
    EXPECT_EQ(test::code_of(sender.authenticate()), "unauthorized");
    auto const whole = *from_base64(vector_signature.substr(3));
    for (std::size_t size = 0; size < whole.size(); ++size) {
        Bytes const part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_FALSE(vector_sender("v1," + to_base64(part)).authenticate());
    }
}

TEST(EventsSource, HoldsTheClockToFiveMinutesBothWays) {
    auto sender = vector_sender();
    sender.received_at = instant_from_seconds(vector_seconds + 300);
    EXPECT_TRUE(sender.authenticate());
    sender.received_at = instant_from_seconds(vector_seconds - 300);
    EXPECT_TRUE(sender.authenticate());
    sender.received_at = instant_from_seconds(vector_seconds + 301);
    EXPECT_EQ(test::code_of(sender.authenticate()), "unauthorized");
    sender.received_at = instant_from_seconds(vector_seconds - 301);
    EXPECT_EQ(test::code_of(sender.authenticate()), "unauthorized");
}

TEST(EventsSource, NeedsWholeHeaders) {
    for (std::string const timestamp : {"", "1674087231abc", "-5", " 1614265330", "1614265330000", "+1614265330"}) {
        auto sender = vector_sender();
        sender.http.headers[1].second = timestamp;
        EXPECT_EQ(test::code_of(sender.authenticate()), "invalid") << timestamp;
    }
    Sender bare(source::events_source());
    bare.add_secret("hmac", std::string(vector_secret));
    EXPECT_EQ(test::code_of(bare.authenticate()), "unauthorized");
}

TEST(EventsSource, TakesABearerKeyKeptAsItsDigest) {
    Sender sender(source::events_source());
    sender.add_secret("bearer", to_hex(sha256("key-1")));
    sender.header("Authorization", "Bearer key-1");
    EXPECT_TRUE(sender.authenticate());
    sender.http.headers[0].second = "Bearer " + to_hex(sha256("key-1"));
    EXPECT_EQ(test::code_of(sender.authenticate()), "unauthorized");
    sender.http.headers[0].second = "Basic key-1";
    EXPECT_EQ(test::code_of(sender.authenticate()), "unauthorized");
}

Sender posting(std::string json) {
    Sender sender(source::events_source());
    sender.http.body = std::move(json);
    sender.header("webhook-id", "w1");
    return sender;
}

Event one(std::string type, std::string data) {
    return posting(R"({"type":")" + type + R"(","timestamp":"2025-11-20T11:05:00.344522+01:00","data":)" + data + "}").event();
}

constexpr std::string_view cart_json = R"({"cart_id":"c1","checkout_id":7,"currency":"jpy","total":"1300","discount_codes":["X"],
 "recovery_url":"https://shop.example/c/1","lines":[{"variant_id":"v","quantity":2,"price":650,"image_url":"//no-scheme"}],
 "customer":{"id":5,"email":"Jane@Example.com","phone":"2125551234","country":"us","first_name":"Jane",
 "anonymous_id":"a1","accepts_email_marketing":true,"accepts_sms_marketing":false}})";

TEST(EventsSource, ReadsACheckout) {
    auto const event = one("checkout.started", std::string(cart_json));
    EXPECT_EQ(event.id, "events:w1");
    EXPECT_EQ(to_rfc3339(event.occurred_at), "2025-11-20T10:05:00.344Z");
    EXPECT_TRUE(has_key(event, KeyKind::checkout_token, "7") && has_key(event, KeyKind::cart_token, "c1"));
    EXPECT_TRUE(has_key(event, KeyKind::email, "jane@example.com") && has_key(event, KeyKind::phone, "+12125551234"));
    EXPECT_TRUE(has_key(event, KeyKind::customer_id, "5") && has_key(event, KeyKind::anonymous_id, "a1"));
    ASSERT_EQ(event.consents.size(), 1u);
    auto const cart = body<CartChanged>(event);
    EXPECT_EQ(cart.stage, Stage::contact);
    EXPECT_EQ(cart.currency, "JPY");
    EXPECT_EQ(cart.subtotal_minor, 1300);
    EXPECT_EQ(cart.lines.at(0).image_url, "");
    EXPECT_EQ(body<CartChanged>(one("cart.updated", std::string(cart_json))).stage, Stage::cart);
}

TEST(EventsSource, ReadsTheCustomerAlsoFromDataItself) {
    auto const event = one("checkout.updated", R"({"cart_id":"c1","id":"not-a-person","customer_id":"5","email":"a@b.example",
        "stage":"payment","url":"https://shop.example/c","consents":[{"channel":"email","state":"granted"},{"channel":"smoke"}]})");
    EXPECT_TRUE(has_key(event, KeyKind::customer_id, "5") && has_key(event, KeyKind::email, "a@b.example"));
    EXPECT_FALSE(has_key(event, KeyKind::customer_id, "not-a-person"));
    EXPECT_EQ(event.consents.size(), 1u);
    EXPECT_EQ(body<CartChanged>(event).stage, Stage::payment);
    EXPECT_EQ(body<CartChanged>(event).recovery_url, "https://shop.example/c");
    EXPECT_FALSE(body<CartChanged>(event).has_content);
}

TEST(EventsSource, AConsentMaySayHowItWasGiven) {
    auto const given = body<ConsentChanged>(one("consent.updated", R"({"channel":"email","address":"a@b.example","state":"granted",
        "confirmed":true,"age":15,"said_at":"2025-01-02T03:04:05Z"})"));
    EXPECT_TRUE(given.confirmed);
    EXPECT_EQ(given.age, 15);
    EXPECT_EQ(to_rfc3339(given.said_at), "2025-01-02T03:04:05Z");
    auto const future = body<ConsentChanged>(one("consent.updated", R"({"channel":"email","address":"a@b.example","state":"granted",
        "age":-3,"said_at":"2999-01-02T03:04:05Z"})"));
    EXPECT_EQ(future.age, 0);
    EXPECT_LT(future.said_at, *parse_rfc3339("2100-01-01T00:00:00Z")) << "never later than it came";
    auto const listed = one("checkout.updated", R"({"cart_id":"c1","email":"a@b.example",
        "consents":[{"channel":"email","state":"granted","confirmed":true}]})");
    ASSERT_EQ(listed.consents.size(), 1u);
    EXPECT_TRUE(listed.consents[0].confirmed);
}

TEST(EventsSource, ReadsTheOtherTypes) {
    body<CartDeleted>(one("cart.deleted", R"({"cart_id":"c"})"));
    auto const order = body<OrderPlaced>(one("order.completed", R"({"order_id":9007199254740993,"cart_id":"c","total":"5.00"})"));
    EXPECT_EQ(order.order_id, "9007199254740993");
    EXPECT_TRUE(order.paid);
    EXPECT_FALSE(body<OrderPlaced>(one("order.completed", R"({"order_id":1,"paid":false})")).paid);
    EXPECT_NE(body<OrderPlaced>(one("order.cancelled", R"({"order_id":1})")).cancelled_at, never);
    EXPECT_EQ(body<OrderRefunded>(one("order.refunded", R"({"order_id":1,"amount":5.25})")).amount_minor, 525);
    auto const payment = body<PaymentChanged>(one("subscription.payment_failed",
        R"({"payment_id":"inv_1","customer":{"email":"a@b.example"},"amount":"9.90","decline_code":"Expired_Card"})"));
    EXPECT_EQ(payment.kind, PaymentKind::recurring);
    EXPECT_EQ(payment.decline_code + payment.attempt_id, "expired_cardw1");
    EXPECT_EQ(body<PaymentChanged>(one("payment.recovered", R"({"payment_id":"p","order_id":"o"})")).state, PaymentState::paid);
    EXPECT_EQ(body<ConsentChanged>(one("consent.updated", R"({"channel":"sms","phone":"+15551234567","state":"revoked"})")).address,
              "+15551234567");
    body<PersonErased>(one("customer.erase", R"({"email":"a@b.example"})"));
    body<CustomerChanged>(one("customer.updated", R"({"id":"5","timezone":"Europe/Berlin"})"));
    EXPECT_EQ(body<ProductChanged>(one("product.updated", R"({"product_id":1,"variants":[{"variant_id":2,"available":0}]})"))
                  .variants.at(0).available, 0);
    EXPECT_FALSE(body<SubscriptionChanged>(one("subscription.cancelled", R"({"customer":{"id":"5"}})")).active);
    auto const started = body<SubscriptionChanged>(one("subscription.started",
        R"({"subscription_id":7,"title":"Coffee","url":"https://shop.example/s/7","customer":{"id":"5"}})"));
    EXPECT_TRUE(started.active);
    EXPECT_EQ(started.subscription_id + started.title + started.recovery_url, "7Coffeehttps://shop.example/s/7");
    body<DeadLettered>(one("subscription.cancelled", R"({"subscription_id":7})"));
    auto const deleted = body<ProductChanged>(one("product.deleted", R"({"product_id":1})"));
    ASSERT_EQ(deleted.variants.size(), 1U);
    EXPECT_EQ(deleted.variants[0].variant_id, whole_product("1"));
    EXPECT_FALSE(deleted.variants[0].active);
    auto const coupon = body<CouponChanged>(one("coupon.updated",
        R"({"code":"Back10","ends_at":"2026-12-01T00:00:00Z","uses_left":-2,"percent":10})")).coupon;
    EXPECT_TRUE(coupon.active);
    EXPECT_EQ(to_rfc3339(coupon.ends_at), "2026-12-01T00:00:00Z");
    EXPECT_EQ(coupon.uses_left, 0);
    EXPECT_EQ(coupon.percent, 10);
    EXPECT_FALSE(body<CouponChanged>(one("coupon.updated", R"({"code":"Back10","active":false})")).coupon.active);
    body<DeadLettered>(one("coupon.updated", R"({"percent":10})"));
    EXPECT_EQ(body<CartChanged>(one("cart.updated", R"({"cart_id":"c","stage":"browse"})")).stage, Stage::cart);   // ours alone
    body<UnknownHappened>(one("comets.sighted", "{}"));
}

TEST(EventsSource, AnswersABatchItemByItem) {
    auto const sender = posting(R"([{"id":"e1","type":"cart.updated","data":{"cart_id":"c"}},{"type":5,"data":{}},7,
        {"type":"cart.updated","data":{}},{"type":"x","data":{},"timestamp":"yesterday"}])");
    auto const delivery = *sender.parse();
    EXPECT_TRUE(delivery.batch);
    auto const answer = nlohmann::json::parse(sender.source->answer(delivery).body);
    EXPECT_EQ(answer["accepted"], 2);
    EXPECT_EQ(answer["rejected"], 3);
    std::vector<int> statuses;
    for (auto const& result : answer["results"]) statuses.push_back(result["status"]);
    EXPECT_EQ(statuses, (std::vector<int>{200, 400, 400, 200, 400}));
    EXPECT_EQ(answer["results"][0]["id"], "e1");
    EXPECT_EQ(delivery.items[3].id, "w1:3");
    body<DeadLettered>(*delivery.items[3].event);
    EXPECT_EQ(std::get<DeadLettered>(delivery.items[3].event->body).raw, R"({"type":"cart.updated","data":{}})");
}

TEST(EventsSource, BoundsABatchAndNamesTheUnnamed) {
    std::string items = R"({"events":[)";
    for (int i = 0; i < 500; ++i) items += R"({"type":"x","data":{}},)";
    auto full = posting(items.substr(0, items.size() - 1) + "]}");
    EXPECT_EQ(full.parse()->items.size(), 500u);
    auto const over = posting(items + R"({"type":"x","data":{}}]})").parse();
    ASSERT_FALSE(over);
    EXPECT_EQ(over.error().code, Errc::too_large);
    auto unnamed = posting(R"({"type":"x","data":{}})");
    unnamed.http.headers.clear();
    EXPECT_EQ(unnamed.event().id, "events:" + to_hex(sha256(R"({"type":"x","data":{}})")));
}

}  // namespace
}  // namespace recoup
