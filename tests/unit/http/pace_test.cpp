#include "adapter/http/pace.hpp"

#include <gtest/gtest.h>

namespace recoup::http {
namespace {

using namespace std::chrono_literals;

constexpr Pace::Time begin{1000s};

TEST(Pace, WhoComesAloneLeavesAtOnce) {
    Pace pace(10, 5s);
    for (auto const at : {begin, begin + 100ms, begin + 1s}) EXPECT_EQ(pace.turn(at), at);
}

TEST(Pace, AFloodLeavesAtItsRateAndInItsOrder) {
    Pace pace(10, 5s);
    for (int i = 0; i < 50; ++i) EXPECT_EQ(pace.turn(begin), begin + i * 100ms);
    EXPECT_EQ(pace.turn(begin + 4950ms), begin + 5s);
}

TEST(Pace, NobodyWaitsLongerThanTheLongest) {
    Pace pace(10, 250ms);
    for (int i = 0; i < 100; ++i) EXPECT_LE(pace.turn(begin), begin + 250ms);
    EXPECT_EQ(pace.turn(begin + 10ms), begin + 260ms);
    EXPECT_EQ(pace.turn(begin + 2s), begin + 2s);
}

}  // namespace
}  // namespace recoup::http
