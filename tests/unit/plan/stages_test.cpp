// Which sequence a cart goes through, which stage owns the intent, and what becomes of late news.
#include "core/plan/plan.hpp"

#include <gtest/gtest.h>

namespace recoup::core::stages_test {
namespace {

using std::chrono::hours, std::chrono::minutes;

Instant const noon = parse_rfc3339("2026-03-02T12:00:00Z").value();

Sequence sequence(Trigger trigger) {
    Sequence out;
    out.name = name(trigger);
    out.version = 1;
    out.trigger = trigger;
    for (auto const after : {1, 4, 24}) {
        auto& step = out.steps.emplace_back();
        step.name = "after_" + std::to_string(after);
        step.delay = hours{after};
        step.useful_for = hours{3};
    }
    return out;
}

Cart cart(std::string id, Stage stage, Instant active_at) {
    Cart out;
    out.id = std::move(id);
    out.person_id = "p";
    out.stage = stage;
    out.last_activity_at = active_at;
    CartContent content;
    content.lines.resize(1);
    content.subtotal_minor = 5000;
    out.content.offer(content, {active_at, 0, 1});
    return out;
}

Person person() {
    Person out;
    out.id = "p";
    out.email.offer("a@example.com", {noon, 0, 1});
    return out;
}

OpenFacts facts(Cart cart, Trigger trigger, Instant now) {
    OpenFacts out;
    out.now = now;
    out.shop.id = "s";
    out.cart = std::move(cart);
    out.person = person();
    out.sequence = sequence(trigger);
    return out;
}

Enrollment active(std::string cart_id, Trigger trigger, Instant anchor) {
    Enrollment out;
    out.id = "e";
    out.person_id = "p";
    out.cart_id = std::move(cart_id);
    out.trigger = trigger;
    out.anchor_at = anchor;
    out.opened_at = anchor + minutes{30};
    return out;
}

TEST(Stages, ACheckoutHasItsOwnSequenceWhenThereIsOne) {
    std::vector<Sequence> both{sequence(Trigger::cart), sequence(Trigger::checkout)}, one{sequence(Trigger::cart)};
    EXPECT_EQ(sequence_for(Stage::cart, both)->trigger, Trigger::cart);
    EXPECT_EQ(sequence_for(Stage::checkout, both)->trigger, Trigger::checkout);
    EXPECT_EQ(sequence_for(Stage::payment, both)->trigger, Trigger::checkout);
    EXPECT_EQ(sequence_for(Stage::payment, one)->trigger, Trigger::cart);
    EXPECT_EQ(sequence_for(Stage::browse, both), nullptr);
}

TEST(Stages, ACheckoutTakesOverFromItsOwnCartAlsoAfterAMessage) {
    auto asked = facts(cart("c", Stage::contact, noon + hours{2}), Trigger::checkout, noon + hours{3});
    asked.active = active("c", Trigger::cart, noon);
    asked.active->any_sent = true;
    auto const opening = open_for_cart(asked, {});
    EXPECT_TRUE(opening.open);
    EXPECT_TRUE(opening.supersedes);
    EXPECT_EQ(opening.enrollment.trigger, Trigger::checkout);
    EXPECT_EQ(opening.enrollment.anchor_at, noon + hours{2});
}

TEST(Stages, WithoutNewActivityARunningSequenceGoesOn) {
    auto asked = facts(cart("c", Stage::contact, noon), Trigger::checkout, noon + hours{3});
    asked.active = active("c", Trigger::cart, noon);
    asked.active->any_sent = true;
    EXPECT_FALSE(open_for_cart(asked, {}).open);
}

TEST(Stages, BrowsingGivesWayToAnyCartAndNeverTakesOver) {
    auto const sequences = std::vector{sequence(Trigger::cart), sequence(Trigger::browse)};
    auto const browsing = active("b", Trigger::browse, noon + hours{5});
    EXPECT_TRUE(outgrown(browsing, cart("c", Stage::cart, noon), person(), sequences, {}));
    auto emptied = cart("c", Stage::cart, noon);
    emptied.content.value.lines.clear();
    EXPECT_FALSE(outgrown(browsing, emptied, person(), sequences, {}));
    EXPECT_FALSE(outgrown(browsing, cart("b2", Stage::browse, noon), person(), sequences, {}));

    auto over = facts(cart("c", Stage::cart, noon), Trigger::cart, noon + hours{1});
    over.active = browsing;   // its anchor is newer, its stage is lower
    EXPECT_TRUE(open_for_cart(over, {}).open);

    auto under = facts(cart("b", Stage::browse, noon + hours{5}), Trigger::browse, noon + hours{6});
    EXPECT_TRUE(open_for_cart(under, {}).open);
    under.active = active("c", Trigger::cart, noon);
    EXPECT_EQ(open_for_cart(under, {}).reason, Reason::superseded);
    under.active.reset();
    under.other_cart_open = true;
    EXPECT_EQ(open_for_cart(under, {}).reason, Reason::superseded);
}

TEST(Stages, WhatWasBrowsedHasNoWorthToFallShortOf) {
    Policy policy;
    policy.value_floor_minor = 9000;
    EXPECT_EQ(open_for_cart(facts(cart("c", Stage::cart, noon), Trigger::cart, noon + hours{1}), policy).reason, Reason::below_floor);
    EXPECT_TRUE(open_for_cart(facts(cart("b", Stage::browse, noon), Trigger::browse, noon + hours{1}), policy).open);
}

TEST(Stages, AReplannedEnrollmentStaysOnItsVersion) {
    auto asked = facts(cart("c", Stage::cart, noon + hours{2}), Trigger::cart, noon + hours{3});
    asked.active = active("c", Trigger::cart, noon);
    asked.running = asked.sequence;
    asked.running->steps.resize(2);
    auto const opening = open_for_cart(asked, {});
    EXPECT_TRUE(opening.replan);
    EXPECT_EQ(opening.steps.size(), 2U);
}

std::vector<int> planned(Seconds late) {
    Enrollment enrollment;
    enrollment.anchor_at = noon;
    std::vector<int> out;
    for (auto const& step : plan_steps(enrollment, sequence(Trigger::cart), noon + late, hours{2})) {
        out.push_back(step.step);
        EXPECT_GE(step.due_at, noon + late);
    }
    return out;
}

TEST(Stages, LateNewsBeginsAtTheNextSensibleStepAndIsNoBurst) {
    EXPECT_EQ(planned(minutes{30}), (std::vector{0, 1, 2}));
    EXPECT_EQ(planned(minutes{75}), (std::vector{0, 1, 2}));    // a quarter of an hour late: the reminder still helps
    EXPECT_EQ(planned(minutes{150}), (std::vector{1, 2}));      // too close to the next
    EXPECT_EQ(planned(hours{5}), (std::vector{1, 2}));
    EXPECT_EQ(planned(minutes{60 * 7 + 1}), (std::vector{2}));  // the second is of no use any more
    EXPECT_EQ(planned(hours{26}), (std::vector{2}));
    EXPECT_EQ(planned(hours{28}), (std::vector<int>{}));
}

TEST(Stages, SaysWhichStepsAreLeftOut) {
    auto const opening = open_for_cart(facts(cart("c", Stage::cart, noon), Trigger::cart, noon + hours{10}), {});
    ASSERT_TRUE(opening.open);
    EXPECT_EQ(opening.trace.back().input, "1 steps, left out as past: after_1, after_4");
}

Person cancelled(Instant at) {
    auto out = person();
    out.subscriptions["s"].cancelled_at = at;
    return out;
}

TEST(WinBack, OpensForACancellationAndEndsWithTheNextSubscriptionOrOrder) {
    Shop shop;
    shop.id = "s";
    auto who = cancelled(noon);
    auto const opening = open_for_cancelled(shop, who, std::nullopt, sequence(Trigger::subscription_cancelled), {}, noon);
    ASSERT_TRUE(opening.open);
    EXPECT_EQ(opening.reason, Reason::subscription_cancelled);
    EXPECT_EQ(opening.enrollment.anchor_at, noon);
    EXPECT_EQ(opening.steps.size(), 3U);
    EXPECT_FALSE(end_of(opening.enrollment, nullptr, nullptr, who, shop, {}));
    EXPECT_FALSE(open_for_cancelled(shop, who, opening.enrollment, sequence(Trigger::subscription_cancelled), {}, noon).open);

    auto again = who;
    again.subscriptions["other"].active_at = noon + hours{1};
    EXPECT_EQ(end_of(opening.enrollment, nullptr, nullptr, again, shop, {}), Reason::subscribed);
    EXPECT_FALSE(open_for_cancelled(shop, again, std::nullopt, sequence(Trigger::subscription_cancelled), {}, noon).open);
    auto bought = who;
    bought.orders["o"] = {noon + hours{1}, 100};
    EXPECT_EQ(end_of(opening.enrollment, nullptr, nullptr, bought, shop, {}), Reason::ordered);
    bought.orders["o"].placed_at = noon - hours{1};
    EXPECT_FALSE(end_of(opening.enrollment, nullptr, nullptr, bought, shop, {}));
}

}  // namespace
}  // namespace recoup::core::stages_test
