#include "sender.hpp"

#include "core/policy/decline.hpp"

namespace recoup {
namespace {

using test::body;
using test::has_key;
using test::Sender;

// Composed of the documented scheme; the digest was made with another implementation.
constexpr std::string_view vector_digest = "13941114bb88ac44a76abcfddea5b92aa6182a4b63d8be3aae908a616083bd7e";

Sender vector_sender(std::string header) {
    Sender sender(source::stripe_source());
    sender.add_secret("hmac", "whsec_another");
    sender.add_secret("hmac", "whsec_test_secret");
    sender.received_at = instant_from_seconds(1'700'000'000);
    sender.http.body = R"({"id":"evt_test"})";
    if (!header.empty()) sender.header("Stripe-Signature", std::move(header));
    return sender;
}

TEST(StripeSource, VerifiesTheKnownVectorAmongOtherSignatures) {
    std::string const good(vector_digest), bad(64, '0');
    EXPECT_EQ(test::code_of(vector_sender("t=1700000000,v1=" + good).authenticate()), "ok");
    EXPECT_EQ(test::code_of(vector_sender("t=1700000000, v0=" + bad + ", v1=" + bad + ", v1=" + good).authenticate()),
              "ok");
    for (auto const& header :
         {"t=1700000000,v0=" + good, "t=1700000001,v1=" + good, "t=1700000000,v1=" + good.substr(1),
          "t=1700000000,v1=" + good + "0", std::string("t=1700000000")})
        EXPECT_EQ(test::code_of(vector_sender(header).authenticate()), "unauthorized") << header;
    for (auto const& header :
         {std::string{}, "v1=" + good, "t=1700000000x,v1=" + good, "t=,v1=" + good, "t=-1,v1=" + good})
        EXPECT_EQ(test::code_of(vector_sender(header).authenticate()), "invalid") << header;
}

TEST(StripeSource, HoldsTheClockToFiveMinutesBothWays) {
    auto sender = vector_sender("t=1700000000,v1=" + std::string(vector_digest));
    for (std::int64_t const off : {-300, 300, -301, 301}) {
        sender.received_at = instant_from_seconds(1'700'000'000 + off);
        EXPECT_EQ(sender.authenticate().has_value(), off >= -300 && off <= 300) << off;
    }
}

Delivery deliver(std::string type, std::string object, std::string more = {}) {
    Sender sender(source::stripe_source());
    sender.http.body = R"({"id":"evt_1","object":"event","created":1763632800,"livemode":false,"type":")" + type +
                       R"(","data":{"object":)" + object + more + "}}";
    auto delivery = sender.parse();
    EXPECT_TRUE(delivery.has_value());
    return delivery ? *std::move(delivery) : Delivery{};
}

Event told(std::string type, std::string object, std::string more = {}) {
    return *deliver(std::move(type), std::move(object), std::move(more)).items.at(0).event;
}

constexpr std::string_view intent =
    R"({"id":"pi_1","amount":1099,"currency":"usd","customer":"cus_9","receipt_email":null,
 "latest_charge":"ch_1","metadata":{"cart_id":"c-77"},"last_payment_error":{"code":"card_declined",
 "decline_code":"insufficient_funds","charge":"ch_1","payment_method":{"billing_details":{"email":"J@Ex.com",
        "phone":null}}}})";

TEST(StripeSource, ReadsAFailedPaymentIntent) {
    auto const event = told("payment_intent.payment_failed", std::string(intent));
    EXPECT_EQ(event.id + " " + event.topic, "stripe:evt_1 payment_intent.payment_failed");
    EXPECT_EQ(to_rfc3339(event.occurred_at), "2025-11-20T10:00:00Z");
    EXPECT_TRUE(has_key(event, KeyKind::email, "j@ex.com") && has_key(event, KeyKind::customer_id, "cus_9"));
    EXPECT_TRUE(has_key(event, KeyKind::cart_token, "c-77") && has_key(event, KeyKind::order_id, "pi_1"));
    auto const payment = body<PaymentChanged>(event);
    EXPECT_EQ(payment.payment_id + payment.attempt_id + payment.decline_code, "pi_1ch_1insufficient_funds");
    EXPECT_EQ(payment.amount, (Money{1099, "USD"}));
    EXPECT_EQ(payment.kind, PaymentKind::one_off);
    EXPECT_EQ(payment.state, PaymentState::failed);
    EXPECT_TRUE(payment.test);
}

TEST(StripeSource, TheChargeOfAnIntentIsTheSameAttempt) {
    auto const event =
        told("charge.failed", R"({"id":"ch_1","amount":1099,"currency":"usd","payment_intent":{"id":"pi_1"},
        "failure_code":"card_declined","outcome":{"type":"issuer_declined","reason":"insufficient_funds"},
        "billing_details":{"email":"j@ex.com"}})");
    auto const payment = body<PaymentChanged>(event);
    EXPECT_EQ(payment.payment_id + payment.attempt_id + payment.decline_code, "pi_1ch_1insufficient_funds");
    EXPECT_EQ(body<PaymentChanged>(
                  told("charge.failed", R"({"id":"ch_2","outcome":{"type":"blocked","reason":"highest_risk_level"}})"))
                  .decline_code,
              "fraudulent");
}

TEST(StripeSource, TheStoresOwnOrderIdGroupsAPayment) {
    auto const event =
        told("payment_intent.succeeded",
             R"({"id":"pi_1","amount":5,"amount_received":4,"currency":"eur","metadata":{"order_id":1001}})");
    auto const payment = body<PaymentChanged>(event);
    EXPECT_EQ(payment.payment_id, "1001");
    EXPECT_EQ(payment.state, PaymentState::paid);
    EXPECT_EQ(payment.amount, (Money{4, "EUR"}));
}

TEST(StripeSource, InvoicesAreRecurringWhenASubscriptionIsBehindThem) {
    auto const now = body<PaymentChanged>(
        told("invoice.payment_failed", R"({"id":"in_1","customer":"cus_9","customer_email":"j@ex.com",
        "amount_due":990,"amount_remaining":990,"currency":"usd","attempt_count":2,
        "hosted_invoice_url":"https://invoice.stripe.example/i/1",
        "billing_reason":"subscription_cycle","parent":{"subscription_details":{"subscription":"sub_1"}},
        "payments":{"data":[{"payment":{"payment_intent":"pi_7"}}]}})"));
    EXPECT_EQ(now.kind, PaymentKind::recurring);
    EXPECT_EQ(now.payment_id + " " + now.attempt_id, "pi_7 in_1:2");
    EXPECT_EQ(now.subscription_id, "sub_1");
    EXPECT_EQ(now.recovery_url, "https://invoice.stripe.example/i/1");
    auto const old = body<PaymentChanged>(
        told("invoice.paid", R"({"id":"in_1","payment_intent":"pi_7","subscription":"sub_1","amount_paid":990})"));
    EXPECT_EQ(old.payment_id, "pi_7");
    EXPECT_EQ(old.state, PaymentState::paid);
    EXPECT_EQ(old.kind, PaymentKind::recurring);
    auto const manual = body<PaymentChanged>(
        told("invoice.payment_succeeded", R"({"id":"in_2","billing_reason":"manual","amount_paid":1})"));
    EXPECT_EQ(manual.kind, PaymentKind::one_off);
    EXPECT_EQ(manual.payment_id, "in_2");
}

TEST(StripeSource, ARefundGivesBackWhatTheSumGrewBy) {
    std::string const charge = R"({"id":"ch_1","currency":"usd","amount_refunded":700,"metadata":{"order_id":"o1"}})";
    auto const refund =
        body<OrderRefunded>(told("charge.refunded", charge, R"(,"previous_attributes":{"amount_refunded":200})"));
    EXPECT_EQ(refund.order_id, "o1");
    EXPECT_EQ(refund.amount_minor, 500);
    body<UnknownHappened>(told("charge.refunded", R"({"id":"ch_1","amount_refunded":700})"));
}

TEST(StripeSource, AnExpiredSessionIsACartAndAFinishedOneEndsIt) {
    auto const expired =
        told("checkout.session.expired", R"({"id":"cs_1","created":1763600000,"currency":"usd","amount_total":1500,
        "customer_details":{"email":"j@ex.com","address":{"country":"US","state":"NY"}},
        "consent":{"promotions":"opt_in"},
        "after_expiration":{"recovery":{"url":"https://buy.stripe.example/r/1"}},"line_items":{"data":[
        {"description":"Board","quantity":3,"price":{"id":"price_1","product":"prod_1","unit_amount":500}}]}})");
    EXPECT_TRUE(has_key(expired, KeyKind::checkout_token, "cs_1"));
    EXPECT_EQ(expired.consents.at(0).state, ConsentState::granted);
    auto const cart = body<CartChanged>(expired);
    EXPECT_EQ(cart.recovery_url, "https://buy.stripe.example/r/1");
    EXPECT_EQ(cart.lines.at(0).price_minor * cart.lines.at(0).quantity, cart.total_minor);
    EXPECT_EQ(cart.stage, Stage::contact);

    auto const finished =
        deliver("checkout.session.completed", R"({"id":"cs_2","recovered_from":"cs_1","payment_status":"paid",
        "payment_intent":"pi_1","mode":"subscription","amount_total":1500,"currency":"usd"})");
    ASSERT_EQ(finished.items.size(), 2u);
    EXPECT_EQ(body<PaymentChanged>(*finished.items[0].event).kind, PaymentKind::recurring);
    auto const& ended = *finished.items[1].event;
    EXPECT_EQ(ended.id, "stripe:evt_1:cart");
    EXPECT_TRUE(has_key(ended, KeyKind::checkout_token, "cs_1") && has_key(ended, KeyKind::checkout_token, "cs_2"));
    EXPECT_NE(body<CartChanged>(ended).completed_at, never);
    EXPECT_FALSE(body<CartChanged>(ended).has_content);

    auto const pending = deliver("checkout.session.completed", R"({"id":"cs_3","payment_status":"unpaid"})");
    body<UnknownHappened>(*pending.items.at(0).event);
    body<CartChanged>(*pending.items.at(1).event);
    auto const late = deliver("checkout.session.async_payment_failed", R"({"id":"cs_3","payment_intent":"pi_3"})");
    ASSERT_EQ(late.items.size(), 1u);
    EXPECT_EQ(body<PaymentChanged>(*late.items[0].event).state, PaymentState::failed);
}

TEST(StripeSource, SubscriptionsAndCustomersJoinNames) {
    auto const joined =
        told("customer.subscription.updated", R"({"id":"sub_1","customer":"cus_9","metadata":{"customer_id":"5"}})");
    body<CustomerChanged>(joined);
    EXPECT_TRUE(has_key(joined, KeyKind::customer_id, "cus_9") && has_key(joined, KeyKind::customer_id, "5"));
    auto const ended = body<SubscriptionChanged>(told("customer.subscription.deleted",
        R"({"id":"sub_1","customer":"cus_9","status":"canceled","items":{"data":[{"price":{"nickname":"Coffee"}}]}})"));
    EXPECT_FALSE(ended.active);
    EXPECT_EQ(ended.subscription_id + " " + ended.title, "sub_1 Coffee");
    EXPECT_TRUE(body<SubscriptionChanged>(told("customer.subscription.created", R"({"id":"sub_2","customer":"cus_9","status":"trialing"})")).active);
    body<UnknownHappened>(told("customer.subscription.updated", R"({"id":"sub_1","customer":"cus_9","status":"past_due"})"));
    EXPECT_EQ(body<CustomerChanged>(told("customer.updated", R"({"id":"cus_9","name":"Jane Doe","email":"j@ex.com"})"))
                  .last_name,
              "Doe");
}

TEST(StripeSource, KeepsWhatItCannotRead) {
    for (std::string const type : {"payment_intent.payment_failed", "charge.failed", "charge.refunded", "invoice.paid",
                                   "customer.subscription.created", "checkout.session.completed"}) {
        auto const delivery = deliver(type, "{}");
        ASSERT_EQ(delivery.items.size(), 1u) << type;
        body<DeadLettered>(*delivery.items[0].event);
    }
    body<UnknownHappened>(told("payout.paid", "{}"));
    Sender bare(source::stripe_source());
    bare.http.body = R"({"object":"v2.core.event","id":"evt_2","type":"v1.billing.meter.no_meter_found"})";
    body<UnknownHappened>(bare.event());
    bare.http.body = R"({"type":"payment_intent.succeeded"})";
    EXPECT_EQ(bare.parse().error().code, Errc::invalid);
}

TEST(StripeSource, AmountsAreInTheCurrencysOwnDigits) {
    auto const paid = [](std::string amount, std::string currency) {
        return body<PaymentChanged>(told("payment_intent.succeeded", R"({"id":"pi_1","amount":)" + amount +
                                                                         R"(,"currency":")" + currency + R"("})"))
            .amount.minor;
    };
    EXPECT_EQ(paid("1099", "usd"), 1099);
    EXPECT_EQ(paid("500", "jpy"), 500);
    EXPECT_EQ(paid("500", "isk"), 5);
    EXPECT_EQ(paid("500", "ugx"), 5);
    EXPECT_EQ(paid("500", "mga"), 50000);
    EXPECT_EQ(paid("5000", "kwd"), 5000);
    EXPECT_EQ(paid("10.5", "usd"), 0);
    EXPECT_EQ(paid("9223372036854775807", "usd"), 0);
}

TEST(DeclineCodes, TheNewestThatIsNamedCounts) {
    Payment payment;
    payment.attempts["a"] = {instant_from_seconds(1), PaymentState::failed, "expired_card"};
    payment.attempts["b"] = {instant_from_seconds(2), PaymentState::failed, "fraudulent"};
    payment.attempts["c"] = {instant_from_seconds(3), PaymentState::failed, ""};
    EXPECT_EQ(core::newest_decline(payment), "fraudulent");
    EXPECT_EQ(core::decline_class("fraudulent"), core::DeclineClass::never_reveal);
    EXPECT_EQ(core::decline_class("insufficient_funds"), core::DeclineClass::funds);
    EXPECT_EQ(core::decline_class("payment_intent_authentication_failure"), core::DeclineClass::fixable);
    EXPECT_EQ(core::decline_class("do_not_honor"), core::DeclineClass::other_card);
    EXPECT_EQ(core::decline_class("duplicate_transaction"), core::DeclineClass::duplicate);
}

}  // namespace
}  // namespace recoup
