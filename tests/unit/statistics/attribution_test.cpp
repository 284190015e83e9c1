#include "core/statistics/attribution.hpp"

#include <gtest/gtest.h>

namespace recoup::core {
namespace {

using std::chrono::hours;

Instant at(int hour) { return instant_from_seconds(1'750'000'000) + hours{hour}; }

TEST(Attribution, GivesAnOrderToTheLastMessageSentBeforeIt) {
    TouchTimes const touches[] = {{at(1), never}, {at(4), never}, {at(24), never}};
    auto const credit = credit_order(at(20), touches, hours{120});
    ASSERT_TRUE(credit);
    EXPECT_EQ(credit->touch, 1u);
    EXPECT_FALSE(credit->clicked);
}

TEST(Attribution, PrefersAnyClickToALaterSend) {
    TouchTimes const touches[] = {{at(1), at(2)}, {at(4), never}};
    auto const credit = credit_order(at(5), touches, hours{120});
    ASSERT_TRUE(credit);
    EXPECT_EQ(credit->touch, 0u);
    EXPECT_TRUE(credit->clicked);
}

TEST(Attribution, TakesTheLastClickOfSeveral) {
    TouchTimes const touches[] = {{at(1), at(9)}, {at(4), at(5)}};
    EXPECT_EQ(credit_order(at(10), touches, hours{120})->touch, 0u);
}

TEST(Attribution, CountsAClickInTheWindowEvenWhenItsSendIsOlder) {
    TouchTimes const touches[] = {{at(1), at(110)}};
    EXPECT_TRUE(credit_order(at(130), touches, hours{120})->clicked);
}

TEST(Attribution, GivesNoCreditOutsideTheWindowOrAfterTheOrder) {
    TouchTimes const old[] = {{at(0), at(1)}};
    EXPECT_FALSE(credit_order(at(122), old, hours{120}));
    TouchTimes const later[] = {{at(11), never}, {never, never}};
    EXPECT_FALSE(credit_order(at(10), later, hours{120}));
    EXPECT_FALSE(credit_order(at(11), std::span(later).first(1), hours{120}));
    EXPECT_FALSE(credit_order(at(10), {}, hours{120}));
}

TEST(Attribution, IgnoresAClickThatCameAfterTheOrder) {
    TouchTimes const touches[] = {{at(1), at(30)}};
    auto const credit = credit_order(at(10), touches, hours{120});
    ASSERT_TRUE(credit);
    EXPECT_FALSE(credit->clicked);
}

}  // namespace
}  // namespace recoup::core
