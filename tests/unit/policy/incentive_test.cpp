// No incentive on top of another, and none for a declined card.

#include "core/policy/incentive.hpp"

#include "unit/policy/scene.hpp"

namespace recoup::core::test {
namespace {

Scene offering() {
    Scene scene;
    scene.step.incentive = {10, "COMEBACK10"};
    return scene;
}

TEST(KeptBack, NothingWhileNothingSpeaksAgainstIt) {
    EXPECT_FALSE(kept_back(offering().sending()));
    auto without = Scene().sending();
    without.on_sale = true;
    EXPECT_FALSE(kept_back(without));
}

TEST(KeptBack, WhileTheShopHasASaleAndFromCartsWithADiscountOfTheirOwn) {
    auto facts = offering().sending();
    facts.on_sale = true;
    EXPECT_TRUE(kept_back(facts));
    auto scene = offering();
    scene.cart.content.value.discount_codes = {"SUMMER"};
    EXPECT_TRUE(kept_back(scene.sending()));
    EXPECT_EQ(scene.decide().verdict, Verdict::send);   // the message goes all the same
}

TEST(KeptBack, FromEverybodyWhosePaymentFailed) {
    auto facts = offering().sending();
    facts.payment = Payment{};
    EXPECT_TRUE(kept_back(facts));
}

}  // namespace
}  // namespace recoup::core::test
