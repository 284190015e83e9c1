// Orders that are not the cart's own: of other items, of some of its items, under another name, of a subscription.

#include "core/policy/bought.hpp"

#include "core/mark/mark.hpp"
#include "unit/policy/scene.hpp"

namespace recoup::core::test {
namespace {

constexpr std::chrono::minutes later{30};

TEST(Bought, AnyOrderOfThePersonEndsTheRemindersUnlessTheShopSaysHowMuch) {
    Scene scene;
    scene.order("other", later, {{"elsewhere", 1}});
    expect_left_alone(scene, Reason::ordered);
    scene.policy.order_covers = 0.5;
    expect_followed(scene);
    scene.order("half", later, {{"v2", 1}});   // 30 of 50
    expect_left_alone(scene, Reason::ordered);
    scene.policy.order_covers = 0.7;
    expect_followed(scene);
}

TEST(Bought, LinesThatWereBoughtAreNotMailedAndARestBelowTheFloorEndsIt) {
    Scene scene;
    scene.policy.order_covers = 0.9;
    scene.order("some", later, {{"v1", 1}, {"v2", 1}});
    auto const sent = scene.decide();
    ASSERT_EQ(sent.verdict, Verdict::send);
    ASSERT_EQ(sent.cart.lines.size(), 1U);
    EXPECT_EQ(sent.cart.lines[0].variant_id, "v1");
    EXPECT_EQ(sent.cart.lines[0].quantity, 1);

    scene.policy.value_floor_minor = 2000;   // 10 are left
    auto const rest = scene.decide();
    EXPECT_EQ(rest.verdict, Verdict::end);
    EXPECT_FALSE(scene.open().open);
}

TEST(Bought, AGiftCardThatIsLeftIsWorthNothing) {
    Scene scene;
    auto card = line("card", 1, 5000);
    card.gift_card = true;
    scene.fill({card, line("v1", 1, 1000)});
    scene.policy.order_covers = 0.9;
    scene.order("some", later, {{"v1", 1}});
    expect_left_alone(scene, Reason::ordered);
}

TEST(Bought, WhatWasBoughtSinceTheCartBeganIsNotMailedAlthoughTheCartWasTouchedLater) {
    Scene scene;
    scene.order("between", -std::chrono::minutes{10}, {{"v2", 1}});
    auto const sent = scene.decide();
    ASSERT_EQ(sent.verdict, Verdict::send);
    ASSERT_EQ(sent.cart.lines.size(), 1U);
    EXPECT_EQ(sent.cart.lines[0].variant_id, "v1");
    scene.order("rest", -std::chrono::minutes{5}, {{"v1", 2}});
    EXPECT_EQ(scene.decide().reason, Reason::ordered);
    EXPECT_EQ(scene.decide().verdict, Verdict::end);
}

TEST(Bought, ARenewalNeitherEndsACartNorBuysItsLines) {
    Scene scene;
    scene.order("renewal", later, {{"v1", 2}, {"v2", 1}}).renewal = true;
    expect_followed(scene);
    EXPECT_EQ(scene.decide().cart.lines.size(), 2U);
    Enrollment enrollment;
    enrollment.anchor_at = left_at;
    EXPECT_FALSE(end_of(enrollment, nullptr, nullptr, scene.person, scene.shop, scene.policy));
    scene.order("renewal", later).renewal = false;
    EXPECT_EQ(end_of(enrollment, nullptr, nullptr, scene.person, scene.shop, scene.policy), Reason::ordered);
}

TEST(Bought, AnOrderUnderAnotherNameFromTheSameDoorOrByOurLinkEndsIt) {
    Scene const scene;
    auto facts = scene.sending();
    facts.marked_at = left_at + later;
    EXPECT_EQ(decide_step(facts, scene.policy).verdict, Verdict::end);
    EXPECT_EQ(decide_step(facts, scene.policy).reason, Reason::bought_elsewhere);
    auto opening = scene.opening();
    opening.marked_at = left_at + later;
    EXPECT_EQ(open_for_cart(opening, scene.policy).reason, Reason::bought_elsewhere);

    facts.marked_at = opening.marked_at = left_at - later;   // before the cart: the same door may buy again
    EXPECT_EQ(decide_step(facts, scene.policy).verdict, Verdict::send);
    EXPECT_TRUE(open_for_cart(opening, scene.policy).open);
}

TEST(Mark, IsOfANameAndADoorHoweverTheyAreWritten) {
    auto const mark = address_mark("demo", {"Doe", "1 Main St.", "10001", "New York", "US"});
    EXPECT_FALSE(mark.empty());
    EXPECT_EQ(mark, address_mark("demo", {"DOE ", "1 main st", "100 01", "NYC", "us"}));
    EXPECT_NE(mark, address_mark("demo", {"Roe", "1 Main St.", "10001", "New York", "US"}));
    EXPECT_NE(mark, address_mark("demo", {"Doe", "2 Main St.", "10001", "New York", "US"}));
    EXPECT_NE(mark, address_mark("other", {"Doe", "1 Main St.", "10001", "New York", "US"}));
    EXPECT_EQ(mark.find("Main"), std::string::npos);
}

TEST(Mark, OfHalfAnAddressThereIsNone) {
    EXPECT_EQ(address_mark("demo", {"", "1 Main St.", "10001", "New York", "US"}), "");
    EXPECT_EQ(address_mark("demo", {"Doe", "Main St.", "10001", "New York", "US"}), "");
    EXPECT_EQ(address_mark("demo", {"Doe", "1 Main St.", "", "", "US"}), "");
}

TEST(Mark, ALinkOfOursIsFoundWhereTheStoreTellsOfIt) {
    auto const target = with_mark("https://shop.example/cart/1:2?discount=X", "msg_abc234");
    EXPECT_EQ(link_mark(target), message_mark("msg_abc234"));
    EXPECT_EQ(link_mark("/cart/1:2?recoup=msg_abc234&utm_source=x"), message_mark("msg_abc234"));
    for (auto const* other : {"", "/", "/?precoup=msg_abc", "/?recoup=", "/?recoup=msg_", "/?recoup=msg_A%27", "/recoup=msg_abc"})
        EXPECT_EQ(link_mark(other), "") << other;
}

}  // namespace
}  // namespace recoup::core::test
