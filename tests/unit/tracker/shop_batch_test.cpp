// What a batch leads to must not depend on which batch an address came in.

#include "service/tracker/shop_batch.hpp"

#include "core/plan/plan.hpp"

#include <gtest/gtest.h>

namespace recoup::service {
namespace {

Instant const noon = parse_rfc3339("2026-03-02T12:00:00Z").value();

IdentityKey key(KeyKind kind, std::string value) { return IdentityKey{kind, std::move(value)}; }

Event event(std::string id, EventBody body, std::vector<IdentityKey> keys) {
    Event out;
    out.shop_id = "demo";
    out.source = "events";
    out.id = std::move(id);
    out.occurred_at = out.received_at = noon;
    out.keys = std::move(keys);
    out.body = std::move(body);
    return out;
}

Event anonymous_cart() {
    CartChanged cart;
    cart.has_content = true;
    cart.currency = "USD";
    cart.subtotal_minor = cart.total_minor = 5900;
    cart.lines.push_back(Line{});
    return event("cart", cart, {key(KeyKind::anonymous_id, "anon"), key(KeyKind::cart_token, "token")});
}

Event failed_payment(std::vector<IdentityKey> keys) {
    PaymentChanged payment;
    payment.payment_id = "o1";
    payment.attempt_id = "a1";
    payment.amount = Money{5900, "USD"};
    return event("payment", payment, std::move(keys));
}

Event customer(std::vector<IdentityKey> keys) { return event("customer", CustomerChanged{}, std::move(keys)); }

class ShopBatchTest : public testing::Test {
protected:
    ShopBatchTest() {
        state.shop.id = "demo";
        Sequence sequence;
        sequence.name = "payment_failure";
        sequence.version = 1;
        sequence.trigger = Trigger::payment_failure;
        sequence.steps.push_back({"notice", std::chrono::minutes{30}, Channel::email, "x", std::chrono::hours{12}, {}, {}, {}, {}, {}, {}});
        state.sequences.push_back(sequence);
    }

    /// Folds one batch on the world that the batches before left.
    TrackWrite fold(std::vector<Event> events) {
        ShopBatch batch{"demo", policy, scorer, noon};
        for (auto& one : events) batch.add(std::move(one));
        batch.world() = world;
        auto write = batch.fold(state);
        world = batch.world();
        for (auto const& enrollment : write.opened) state.enrollments.push_back(enrollment);
        return write;
    }

    core::Policy policy;
    Scorer scorer;
    TrackState state;
    World world;
};

TEST_F(ShopBatchTest, NamesThePersonWhoseFirstAddressCameAfterTheCart) {
    auto const first = fold({anonymous_cart()});
    EXPECT_TRUE(first.reached.empty());
    auto const cart = world.carts.begin()->first;
    EXPECT_FALSE(first.idle_at.at(cart));   // nobody to write to

    auto const second = fold({customer({key(KeyKind::anonymous_id, "anon"), key(KeyKind::email, "a@example.com")})});
    EXPECT_EQ(second.reached, std::vector{world.carts.at(cart).person_id});
    EXPECT_EQ(second.idle, policy.idle);
    EXPECT_TRUE(fold({customer({key(KeyKind::email, "a@example.com")})}).reached.empty());   // known by now
}

TEST_F(ShopBatchTest, NamesTheSurvivorWhenAPersonWithoutAddressMeetsOneWithIt) {
    fold({anonymous_cart()});
    fold({customer({key(KeyKind::customer_id, "7"), key(KeyKind::email, "a@example.com")})});
    auto const met = fold({event("met", CustomerChanged{}, {key(KeyKind::customer_id, "7"), key(KeyKind::anonymous_id, "anon")})});
    ASSERT_EQ(world.persons.size(), 1U);
    EXPECT_EQ(met.reached, std::vector{world.persons.begin()->first});
}

TEST_F(ShopBatchTest, SortsAPaymentIntoTheArmOfItsContactWheneverThatComes) {
    policy.holdout_share = 0.5;
    int differed = 0;
    for (int i = 0; i < 20; ++i) {
        auto const email = key(KeyKind::email, "shopper" + std::to_string(i) + "@example.com");
        auto const order = key(KeyKind::order_id, "o1");
        world = {};
        state.enrollments.clear();
        auto const together = fold({failed_payment({order}), customer({order, email})});
        ASSERT_EQ(together.opened.size(), 1U);

        world = {};
        state.enrollments.clear();
        auto const before = fold({failed_payment({order})});
        ASSERT_EQ(before.opened.size(), 1U);
        auto const after = fold({customer({order, email})});
        ASSERT_TRUE(after.arms.contains(before.opened[0].id));
        EXPECT_EQ(after.arms.at(before.opened[0].id), together.opened[0].arm);
        differed += before.opened[0].arm != together.opened[0].arm ? 1 : 0;
    }
    EXPECT_GT(differed, 0);   // else the test says nothing
}

Sequence one_step(Trigger trigger) {
    Sequence sequence;
    sequence.name = name(trigger);
    sequence.version = 1;
    sequence.trigger = trigger;
    sequence.steps.push_back({"first", std::chrono::hours{1}, Channel::email, "x", std::chrono::hours{12}, {}, {}, {}, {}, {}, {}});
    return sequence;
}

TEST_F(ShopBatchTest, ACartEndsBrowsingAtOnce) {
    auto const anon = key(KeyKind::anonymous_id, "anon"), email = key(KeyKind::email, "a@example.com");
    state.sequences.push_back(one_step(Trigger::browse));
    BehaviourSeen view;
    view.kind = BehaviourKind::product_viewed;
    view.session_id = "s";
    view.product_id = "p";
    auto const seen = fold({customer({anon, email}), event("view", view, {anon})});
    auto const intent = world.carts.begin()->first;
    EXPECT_EQ(seen.idle_at.at(intent), noon + policy.idle);

    Enrollment browsing;
    browsing.id = "b";
    browsing.person_id = world.persons.begin()->first;
    browsing.cart_id = intent;
    browsing.trigger = Trigger::browse;
    browsing.anchor_at = browsing.opened_at = noon;
    state.enrollments.push_back(browsing);
    EXPECT_TRUE(fold({event("more", view, {anon})}).ended.empty());
    auto const filled = fold({anonymous_cart()});
    ASSERT_EQ(filled.ended.size(), 1U);
    EXPECT_EQ(filled.ended[0], (std::pair{std::string("b"), Reason::superseded}));
}

TEST_F(ShopBatchTest, ACancellationOpensAWinBackAndEndsItsDunning) {
    auto const email = key(KeyKind::email, "a@example.com");
    state.sequences.push_back(one_step(Trigger::recurring_payment_failure));
    state.sequences.push_back(one_step(Trigger::subscription_cancelled));
    auto failed = failed_payment({email});
    std::get<PaymentChanged>(failed.body).kind = PaymentKind::recurring;
    auto const dunned = fold({failed});
    ASSERT_EQ(dunned.opened.size(), 1U);
    auto const asked = fold({event("end", SubscriptionChanged{"s", false, {}, {}}, {email})});
    ASSERT_EQ(asked.opened.size(), 1U);
    EXPECT_EQ(asked.opened[0].trigger, Trigger::subscription_cancelled);
    ASSERT_EQ(asked.ended.size(), 1U);
    EXPECT_EQ(asked.ended[0].first, dunned.opened[0].id);
}

TEST_F(ShopBatchTest, WhatOpensAndEndsInOneBatchNeverBegins) {
    auto const email = key(KeyKind::email, "a@example.com");
    state.sequences.push_back(one_step(Trigger::recurring_payment_failure));
    state.sequences.push_back(one_step(Trigger::subscription_cancelled));
    auto failed = failed_payment({email});
    std::get<PaymentChanged>(failed.body).kind = PaymentKind::recurring;
    auto const both = fold({failed, event("end", SubscriptionChanged{"s", false, {}, {}}, {email})});
    ASSERT_EQ(both.opened.size(), 1U);
    EXPECT_EQ(both.opened[0].trigger, Trigger::subscription_cancelled);
    EXPECT_TRUE(both.ended.empty());
    for (auto const& step : both.steps) EXPECT_EQ(step.enrollment_id, both.opened[0].id);
}

TEST_F(ShopBatchTest, CountsOrdersThatWereHeardOfLateAndThoseOfOtherToolsMailOnce) {
    OrderPlaced order;
    order.order_id = "o1";
    order.placed_at = noon - std::chrono::hours{5};
    order.landing_site = "/?utm_source=klaviyo&utm_medium=flow&utm_campaign=abandoned_cart";
    auto const told = [&](std::string id) { return event(std::move(id), order, {key(KeyKind::order_id, "o1"), key(KeyKind::email, "a@example.com")}); };
    ShopBatch first{"demo", policy, scorer, noon};
    first.add(told("nightly"));
    first.add(told("webhook"));
    (void)first.fold(state);
    EXPECT_EQ(first.learned_late(), 1U);
    EXPECT_EQ(first.other_mail(), std::vector<std::string_view>{"klaviyo"});

    ShopBatch again{"demo", policy, scorer, noon};
    again.world() = first.world();
    again.add(told("once more"));
    (void)again.fold(state);
    EXPECT_EQ(again.learned_late(), 0U);
    EXPECT_TRUE(again.other_mail().empty());
}

}  // namespace
}  // namespace recoup::service
