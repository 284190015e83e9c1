#include "recoup/base/steered_clock.hpp"

#include <gtest/gtest.h>

namespace recoup {
namespace {

struct SteeredClockTest : testing::Test {
    Instant const start = parse_rfc3339("2026-11-20T10:00:00Z").value();
    ManualClock machine{start};
    SteeredClock clock{machine};
};

TEST_F(SteeredClockTest, GoesByWhatTheAuthoritySays) {
    EXPECT_EQ(clock.now(), start);
    EXPECT_EQ(clock.hear(start, start - std::chrono::minutes{10}, start), -std::chrono::minutes{10});
    EXPECT_EQ(clock.now(), start - std::chrono::minutes{10});
    machine.set(start + std::chrono::hours{1});
    EXPECT_EQ(clock.now(), start + std::chrono::minutes{50});
}

TEST_F(SteeredClockTest, LeavesADifferenceThatTheQuestionsLengthExplains) {
    EXPECT_EQ(clock.hear(start, start + Millis{300}, start + Millis{600}), Millis{0});
    EXPECT_EQ(clock.hear(start, start + Millis{601}, start + Millis{600}), Millis{0}) << "the answer may have been read at the very end";
    EXPECT_EQ(clock.hear(start, start + Millis{700}, start + Millis{600}), Millis{400});
    EXPECT_EQ(clock.hear(start, start + Millis{401}, start), Millis{400}) << "no jitter";
}

}  // namespace
}  // namespace recoup
