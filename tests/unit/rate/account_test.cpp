// What stands before a channel's account: its rate with a queue, and its breaker.
#include "core/rate/breaker.hpp"
#include "core/rate/gcra.hpp"

#include <gtest/gtest.h>

#include <set>

namespace recoup::core {
namespace {

Instant second(int count) { return instant_from_seconds(1'000'000 + count); }

constexpr Rate one_in_ten_seconds{0.1, 1}, with_burst{0.1, 3};

TEST(Gcra, GivesEveryoneBehindTheBurstAPlaceOfTheirOwn) {
    Gcra account;
    for (int i = 0; i < 3; ++i) EXPECT_EQ(account.ask(with_burst, second(0), false), second(0));
    for (int i = 1; i < 50; ++i) EXPECT_EQ(account.ask(with_burst, second(0), false), second(10 * i));
}

TEST(Gcra, WhoComesForTheirPlaceGoesAndWhoIsNewQueuesBehind) {
    Gcra account;
    (void)account.ask(one_in_ten_seconds, second(0), false);
    ASSERT_EQ(account.ask(one_in_ten_seconds, second(0), false), second(10));
    ASSERT_EQ(account.ask(one_in_ten_seconds, second(0), false), second(20));
    EXPECT_EQ(account.ask(one_in_ten_seconds, second(10), false), second(30));
    EXPECT_EQ(account.ask(one_in_ten_seconds, second(10), true), second(10));
    EXPECT_EQ(account.ask(one_in_ten_seconds, second(20), true), second(20));
    EXPECT_EQ(account.ask(one_in_ten_seconds, second(30), true), second(30));
    EXPECT_EQ(account.ask(one_in_ten_seconds, second(40), false), second(40));
}

TEST(Gcra, ManyWhoCameTooLateForTheirPlacesAreNoBurst) {
    Gcra account;
    std::set<Instant> places;
    int went = 0;
    for (int i = 0; i < 100; ++i) {
        auto const at = account.ask(one_in_ten_seconds, second(5'000), true);
        if (at == second(5'000)) ++went;
        else EXPECT_TRUE(places.insert(at).second);
    }
    EXPECT_EQ(went, 1);
    EXPECT_EQ(*places.rbegin(), second(5'000 + 990));
}

TEST(Gcra, AClockSetBackKeepsNobodyWaitingForIt) {
    Gcra account;
    (void)account.ask(one_in_ten_seconds, second(7'200), false);
    EXPECT_LE(account.ask(one_in_ten_seconds, second(0), true), second(7'220));
    Gcra quiet;
    (void)quiet.ask({}, second(7'200), false);
    EXPECT_EQ(quiet.ask({}, second(0), false), second(0));
}

constexpr Breaker::Settings three{3, Seconds{30}, std::chrono::minutes{2}};
constexpr auto failure = Breaker::Heard::failure, answer = Breaker::Heard::answer;

void fail(Breaker& breaker, int times, Instant at) {
    for (int i = 0; i < times; ++i) breaker.hear(three, failure, at);
}

TEST(Breaker, OpensAfterFailuresInARowOnly) {
    Breaker breaker;
    fail(breaker, 2, second(0));
    breaker.hear(three, answer, second(0));
    fail(breaker, 2, second(0));
    EXPECT_EQ(breaker.state(second(0)), Breaker::State::closed);
    EXPECT_EQ(breaker.ask(three, second(0)), second(0));
    fail(breaker, 1, second(0));
    EXPECT_EQ(breaker.state(second(0)), Breaker::State::open);
    EXPECT_EQ(breaker.ask(three, second(1)), second(30));
}

TEST(Breaker, LetsOneTryAndClosesWhenItIsAnswered) {
    Breaker breaker;
    fail(breaker, 3, second(0));
    EXPECT_EQ(breaker.state(second(30)), Breaker::State::half_open);
    EXPECT_EQ(breaker.ask(three, second(30)), second(30));
    EXPECT_EQ(breaker.ask(three, second(31)), second(60));   // the others wait for the trial
    breaker.hear(three, answer, second(32));
    EXPECT_EQ(breaker.state(second(32)), Breaker::State::closed);
    EXPECT_EQ(breaker.ask(three, second(32)), second(32));
}

TEST(Breaker, WaitsTwiceAsLongAfterEachFailedTrialWithinABound) {
    Breaker breaker;
    fail(breaker, 3, second(0));
    int at = 30;
    for (int const wait : {60, 120, 120}) {
        ASSERT_EQ(breaker.ask(three, second(at)), second(at));
        breaker.hear(three, failure, second(at));
        EXPECT_EQ(breaker.ask(three, second(at)), second(at + wait));
        at += wait;
    }
}

TEST(Breaker, ATrialOfWhichNobodyTellsIsFollowedByAnother) {
    Breaker breaker;
    fail(breaker, 3, second(0));
    EXPECT_EQ(breaker.ask(three, second(30)), second(30));
    EXPECT_EQ(breaker.ask(three, second(60)), second(60));
}

TEST(Breaker, WhatWasUnderWayWhenItOpenedNeitherClosesNorProlongsIt) {
    Breaker breaker;
    fail(breaker, 3, second(0));
    breaker.hear(three, answer, second(1));
    fail(breaker, 5, second(2));
    EXPECT_EQ(breaker.ask(three, second(3)), second(30));
}

TEST(Breaker, IsOffWithoutANumberOfFailures) {
    Breaker breaker;
    constexpr Breaker::Settings off{0, Seconds{30}, Seconds{60}};
    for (int i = 0; i < 100; ++i) breaker.hear(off, failure, second(0));
    EXPECT_EQ(breaker.ask(off, second(0)), second(0));
}

}  // namespace
}  // namespace recoup::core
