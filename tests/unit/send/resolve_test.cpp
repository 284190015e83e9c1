#include "core/send/resolve.hpp"

#include <gtest/gtest.h>

#include <set>

namespace recoup::core {
namespace {

Instant const now = instant_from_seconds(1'000'000);

UnknownFacts unknown() {
    UnknownFacts facts;
    facts.state.step = StepState::done;
    facts.state.message = MessageStatus::unknown;
    facts.useful_until = now + Seconds{60};
    return facts;
}

TEST(Resolve, NotSentIsPlannedAtOnce) {
    auto const weighed = weigh(unknown(), false, now);
    EXPECT_EQ(weighed.event.again_at, now);
    EXPECT_FALSE(weighed.reopen);
    auto completed = unknown();
    completed.active = false;
    completed.end_reason = Reason::completed;
    EXPECT_TRUE(weigh(completed, false, now).reopen);
}

TEST(Resolve, NotSentIsGivenUpWithItsReason) {
    auto facts = unknown();
    EXPECT_EQ(weigh(facts, false, now + Seconds{61}).reason, Reason::too_late);
    facts.newest_plan = false;
    EXPECT_EQ(weigh(facts, false, now).reason, Reason::superseded);
    facts = unknown();
    facts.active = false;
    facts.end_reason = Reason::completed;
    facts.another_active = true;
    EXPECT_EQ(weigh(facts, false, now).reason, Reason::superseded);
    facts.end_reason = Reason::ordered;
    auto const weighed = weigh(facts, false, now);
    EXPECT_EQ(weighed.reason, Reason::ordered);
    EXPECT_FALSE(weighed.event.again_at || weighed.reopen);
}

TEST(SpreadOut, GivesEachItsOwnMomentWithinBounds) {
    std::set<Instant> moments;
    for (int i = 0; i < 1000; ++i) {
        auto const at = spread_out(now, Seconds{300}, now + Seconds{200}, std::to_string(i));
        EXPECT_GE(at, now);
        EXPECT_LE(at, now + Seconds{200});
        moments.insert(at);
    }
    EXPECT_GT(moments.size(), 600U);
    EXPECT_EQ(spread_out(now, Seconds{300}, now - Seconds{1}, "x"), now);   // never into the past
    EXPECT_EQ(spread_out(now, Millis{0}, now + Seconds{1}, "x"), now);
    EXPECT_EQ(spread_out(now, Seconds{300}, Instant::max(), "x"), spread_out(now, Seconds{300}, Instant::max(), "x"));
}

TEST(SpreadOut, WhatOutlivedItsUseComesAtOnce) {
    EXPECT_EQ(resumed_at(now - Seconds{1}, now, Seconds{300}, "e", 0), now - Seconds{1});
    EXPECT_LT(resumed_at(now + Seconds{10}, now, Seconds{300}, "e", 0), now + Seconds{10});
}

}  // namespace
}  // namespace recoup::core
