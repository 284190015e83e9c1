#include "adapter/http/crowd.hpp"

#include <gtest/gtest.h>

#include <array>

namespace recoup::http {
namespace {

using namespace std::chrono_literals;

constexpr Crowd::Time begin{1000s};

TEST(Crowd, ABurstIsServedWholeHoweverManyCome) {
    Crowd crowd(2, 200ms);
    crowd.done(begin);
    for (int i = 0; i < 1000; ++i) {
        std::int64_t served_in = 0;
        EXPECT_FALSE(crowd.too_many(begin + 200ms, served_in));
    }
}

TEST(Crowd, WhoIsNeverDoneServesSomeAndServesThemAgain) {
    Crowd crowd(2, 200ms);
    crowd.done(begin);
    std::array<std::int64_t, 3> served_in{};
    auto const now = begin + 1s;
    for (int i = 0; i < 10; ++i) {
        EXPECT_FALSE(crowd.too_many(now, served_in[0]));
        EXPECT_FALSE(crowd.too_many(now, served_in[1]));
        EXPECT_TRUE(crowd.too_many(now, served_in[2]));
    }
    EXPECT_FALSE(crowd.too_many(now + 50ms, served_in[2])) << "whoever comes first in the next turn";
    EXPECT_FALSE(crowd.too_many(now + 50ms, served_in[0]));
    EXPECT_TRUE(crowd.too_many(now + 50ms, served_in[1]));
}

/// In the turn of `now`: whether the second of two connections is turned away.
bool turns_away(Crowd& crowd, Crowd::Time now) {
    std::int64_t one = 0, other = 0;
    return !crowd.too_many(now, one) && crowd.too_many(now, other);
}

TEST(Crowd, APauseNowAndThenIsNoEnd) {
    Crowd crowd(1, 200ms);
    ASSERT_TRUE(turns_away(crowd, begin));
    std::int64_t same = 0;
    for (int i = 0; i < 100; ++i) crowd.too_many(begin, same);
    crowd.done(begin);
    EXPECT_TRUE(turns_away(crowd, begin + 50ms)) << "a hundred asked and it had one pause";
}

TEST(Crowd, WhoIsDoneOftenServesEverybodyAgain) {
    Crowd crowd(1, 200ms);
    ASSERT_TRUE(turns_away(crowd, begin));
    for (int i = 0; i < 20; ++i) {
        std::int64_t some = 0;
        crowd.too_many(begin, some);
        crowd.done(begin);
    }
    EXPECT_FALSE(turns_away(crowd, begin + 50ms));
}

}  // namespace
}  // namespace recoup::http
