#include "one_send.hpp"

#include "adapter/prometheus/prometheus_metrics.hpp"

#include <gtest/gtest.h>

namespace recoup::service {
namespace {

struct TestClock final : Clock {
    Instant now() const override { return instant_from_millis(0) + std::chrono::floor<Millis>(passed); }
    std::chrono::nanoseconds ticks() const override { return passed; }
    bool manual() const override { return true; }
    std::chrono::nanoseconds passed{1};
};

struct DispatcherTest : testing::Test {
    OneSend store;
    CountingChannel channel;
    NoTemplates templates;
    Composer composer{templates, {}};
    TestClock clock;
    prometheus_adapter::PrometheusMetrics metrics{"1"};
    Dispatcher dispatcher{store, {{Channel::email, &channel}}, composer, clock, metrics, {}, {}};
};

TEST_F(DispatcherTest, WhatWasClaimedIsSentWhileNothingWasAcknowledgedElsewhere) {
    ASSERT_TRUE(dispatcher.run_once(clock.now(), {}, [] { return true; }));
    EXPECT_EQ(channel.sent, 1);
    ASSERT_EQ(store.finished.size(), 1u);
    EXPECT_EQ(store.finished[0].outcome.kind, OutcomeKind::sent);
}

TEST_F(DispatcherTest, AnAcknowledgementThatTheClaimCouldNotSeePutsItsStepsBack) {
    ASSERT_TRUE(dispatcher.run_once(clock.now(), {}, [] { return false; }));
    EXPECT_EQ(channel.sent, 0);
    ASSERT_EQ(store.finished.size(), 1u);
    EXPECT_EQ(store.finished[0].outcome.kind, OutcomeKind::retry_later);
    EXPECT_TRUE(store.finished[0].retry_at);
    EXPECT_EQ(store.finished[0].lease_token, 7);
}

TEST_F(DispatcherTest, WhatMayHaveLeftBeforeIsPutBackByTheRecoveryOfItsLease) {
    channel.with_keys = true;
    store.tried = DueStep::Tried{MessageStatus::unknown, "counting", {}};
    ASSERT_TRUE(dispatcher.run_once(clock.now(), {}, [] { return false; }));
    EXPECT_EQ(channel.sent, 0);
    EXPECT_TRUE(store.finished.empty());
}

TEST_F(DispatcherTest, ClaimsNoMoreThanTheProviderTakesWithinASecond) {
    auto const send_one_in = [&](std::chrono::milliseconds taken) {
        channel.meanwhile = [&, taken] { clock.passed += taken; };
        store.claimed_once = false;
        EXPECT_TRUE(dispatcher.run_once(clock.now(), {}));
        EXPECT_TRUE(dispatcher.run_once(clock.now(), {}));   // nothing is due
        return store.asked_for.back();
    };
    EXPECT_EQ(send_one_in(std::chrono::milliseconds{250}), 4 * 8u) << "eight at a time";
    EXPECT_EQ(send_one_in(std::chrono::milliseconds{3'000}), 8u) << "one second is too short for any";
    EXPECT_EQ(send_one_in(std::chrono::milliseconds{1}), 8u) << "quicker is believed by halves";
    for (int i = 0; i < 10; ++i) send_one_in(std::chrono::milliseconds{1});
    EXPECT_EQ(store.asked_for.back(), 500u);
}

TEST_F(DispatcherTest, AsksAboutUnknownMessagesAndSettlesThoseThatAreFound) {
    store.unknown = {{"s", "m1", "counting"}, {"s", "m2", "another"}, {"s", "m3", "counting"}};
    channel.has = {"m1", "m2"};
    ASSERT_TRUE(dispatcher.recover(clock.now()));
    ASSERT_EQ(store.found.size(), 1u);
    EXPECT_EQ(store.found[0].message_id, "m1");
    EXPECT_EQ(store.found[0].provider_id, "x-m1");
}

TEST_F(DispatcherTest, AsksAgainWhenALeaseEndedAndAfterAWhile) {
    channel.has = {"m"};
    ASSERT_TRUE(dispatcher.recover(clock.now()));
    ASSERT_TRUE(dispatcher.recover(clock.now()));
    EXPECT_EQ(store.asked, 1);
    store.recovered = 1;
    ASSERT_TRUE(dispatcher.recover(clock.now()));
    EXPECT_EQ(store.asked, 2);
    clock.passed += Seconds{10};
    ASSERT_TRUE(dispatcher.recover(clock.now()));
    EXPECT_EQ(store.asked, 3);
}

TEST_F(DispatcherTest, AProviderThatCannotBeAskedIsNot) {
    store.unknown = {{"s", "m1", "counting"}};
    ASSERT_TRUE(dispatcher.recover(clock.now()));
    EXPECT_EQ(store.asked, 0);
}

TEST_F(DispatcherTest, GoesOnBehindThoseThatCannotBeFound) {
    channel.has = {"m999"};
    for (int n = 0; n < 500; ++n) store.unknown.push_back({"s", "m" + std::to_string(1000 + n), "counting"});
    store.unknown.push_back({"s", "m999", "counting"});
    for (int turn = 0; turn < 3; ++turn, clock.passed += Seconds{2}) ASSERT_TRUE(dispatcher.recover(clock.now()));
    EXPECT_EQ(store.found.size(), 1u);
}

}  // namespace
}  // namespace recoup::service
