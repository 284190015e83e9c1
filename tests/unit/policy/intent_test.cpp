// One intent of one person: restarts, arms, and who stands behind a device.

#include "unit/policy/scene.hpp"

namespace recoup::core::test {
namespace {

Enrollment active(int plan) {
    Enrollment enrollment;
    enrollment.id = "e";
    enrollment.cart_id = "c";
    enrollment.plan = plan;
    enrollment.anchor_at = left_at - std::chrono::hours{1};
    return enrollment;
}

TEST(Intent, AnEditedCartIsPlannedAnewOnlyBeforeItsFirstMessageAndSoOftenOnly) {
    Scene scene;
    scene.policy.max_restarts = 2;
    auto facts = scene.opening();
    facts.active = active(2);
    auto const again = open_for_cart(facts, scene.policy);
    EXPECT_TRUE(again.replan);
    EXPECT_EQ(again.enrollment.anchor_at, left_at);
    EXPECT_EQ(again.enrollment.plan, 3);

    facts.active = active(3);   // two restarts behind it: the plan stands
    auto const stands = open_for_cart(facts, scene.policy);
    EXPECT_FALSE(stands.replan || stands.open);
    EXPECT_EQ(stands.reason, Reason::restarts_used);

    facts.active = active(1);
    facts.active->any_sent = true;
    EXPECT_EQ(open_for_cart(facts, scene.policy).reason, Reason::superseded);
}

TEST(Intent, WhatIsHeardOfLateStartsAtTheNextStepAndNeverWithABurst) {
    Scene const scene;
    auto facts = scene.opening();
    facts.sequence.steps.clear();
    for (int const after : {1, 4, 24, 72}) {
        auto step = scene.step;
        step.delay = std::chrono::hours{after};
        facts.sequence.steps.push_back(step);
    }
    facts.now = left_at + std::chrono::hours{25};   // the webhook was a day late
    auto const late = open_for_cart(facts, scene.policy);
    ASSERT_EQ(late.steps.size(), 2U);
    EXPECT_EQ(late.steps[0].step, 2);   // an hour overdue, and still of use
    EXPECT_EQ(late.steps[0].due_at, facts.now);
    EXPECT_EQ(late.steps[1].step, 3);
    EXPECT_EQ(late.steps[1].due_at, left_at + std::chrono::hours{72});
    facts.now = left_at + std::chrono::hours{100};
    auto const too_late = open_for_cart(facts, scene.policy);
    EXPECT_FALSE(too_late.open);
    EXPECT_EQ(too_late.reason, Reason::too_late);
}

TEST(Intent, TheNewestCartOfAPersonTakesOverAndAnOlderOneDoesNot) {
    Scene const scene;
    auto facts = scene.opening();
    facts.active = active(1);
    facts.active->cart_id = "laptop";
    auto const newer = open_for_cart(facts, scene.policy);
    EXPECT_TRUE(newer.open && newer.supersedes);
    facts.active->anchor_at = left_at + std::chrono::minutes{5};
    auto const older = open_for_cart(facts, scene.policy);
    EXPECT_FALSE(older.open);
    EXPECT_EQ(older.reason, Reason::superseded);
}

TEST(Intent, AStepOfWhatWasBrowsedIsNotSentBesideACart) {
    Scene scene;
    auto facts = scene.sending();
    EXPECT_EQ(name(decide_step(facts, scene.policy).verdict), name(Verdict::send));
    facts.other_cart_open = true;
    auto const verdict = decide_step(facts, scene.policy);
    EXPECT_EQ(name(verdict.verdict), name(Verdict::end));
    EXPECT_EQ(name(verdict.reason), name(Reason::superseded));
}

TEST(Intent, ACartFilledAgainAfterItWasEmptiedIsANewEnrollment) {
    Scene scene;
    auto const first = scene.open();
    scene.cart.last_activity_at += std::chrono::hours{2};
    auto facts = scene.opening();
    facts.now += std::chrono::hours{2};
    auto const second = open_for_cart(facts, scene.policy);
    ASSERT_TRUE(first.open && second.open);
    EXPECT_NE(first.enrollment.id, second.enrollment.id);
    scene.fill({});
    EXPECT_EQ(scene.open().reason, Reason::cart_emptied);
    EXPECT_EQ(scene.decide().verdict, Verdict::end);
}

TEST(Intent, TheArmOfTheEarliestEnrollmentStaysWhenTwoPersonsBecomeOne) {
    Scene scene;
    scene.policy.holdout_share = 0.5;
    auto const by_contact = scene.open().enrollment.arm;
    for (auto const arm : {Arm::treated, Arm::holdout}) {
        auto facts = scene.opening();
        facts.first_arm = arm;
        EXPECT_EQ(open_for_cart(facts, scene.policy).enrollment.arm, arm);
    }
    EXPECT_EQ(scene.open().enrollment.arm, by_contact);
}

TEST(Intent, OfSeveralPeopleOnOneDeviceNobodyHearsOfTheCartOfAnother) {
    Scene scene;
    expect_followed(scene);
    scene.know("bob@shopper.example");   // logged in on the same tablet
    EXPECT_EQ(scene.open().reason, Reason::no_address);
    EXPECT_EQ(scene.decide().reason, Reason::no_address);
    scene.cart.email.offer("jane@shopper.example", version);   // whoever typed an address hears of the cart
    EXPECT_EQ(scene.decide().address, "jane@shopper.example");
    scene.person.phone.offer("+15551234567", version);
    scene.person.consents["sms:+15551234567"].state = ConsentState::granted;
    scene.step.channel = Channel::sms;
    EXPECT_EQ(scene.decide().reason, Reason::no_address);      // the number may be Bob's
}

TEST(Intent, ConsentIsOfAnAddressAndNotInheritedByWhoeverLogsIn) {
    Scene scene;
    scene.person.consents.clear();
    scene.person.consents["email:"].state = ConsentState::granted;
    scene.person.consents["email:visitor@shopper.example"].state = ConsentState::granted;
    EXPECT_EQ(scene.decide().reason, Reason::no_consent);
}

TEST(Intent, ASuppressedAddressIsLeftAloneAndOtherChannelsGoOn) {
    Scene scene;
    scene.person.phone.offer("+15551234567", version);
    scene.person.consents["sms:+15551234567"].state = ConsentState::granted;
    auto facts = scene.sending();
    facts.suppressed.insert("email:jane@shopper.example");   // a bounce, a complaint, an unsubscription
    EXPECT_EQ(decide_step(facts, scene.policy).reason, Reason::suppressed);
    facts.config.channel = Channel::sms;
    facts.now = facts.step.planned_at = facts.step.due_at = left_at + std::chrono::hours{2};   // noon in New York
    auto const sms = decide_step(facts, scene.policy);
    EXPECT_EQ(sms.verdict, Verdict::send) << name(sms.reason);
    EXPECT_EQ(sms.address, "+15551234567");
}

TEST(Intent, APaymentGoesToTheContactThatItNamed) {
    Scene scene;
    scene.know("bob@shopper.example");
    auto facts = scene.sending();
    facts.cart.reset();
    facts.payment = Payment{};
    facts.payment->attempts["a"] = {left_at, PaymentState::failed, ""};
    EXPECT_EQ(decide_step(facts, scene.policy).reason, Reason::no_address);
    facts.payment->email.offer("jane@shopper.example", version);
    EXPECT_EQ(decide_step(facts, scene.policy).address, "jane@shopper.example");
}

}  // namespace
}  // namespace recoup::core::test
