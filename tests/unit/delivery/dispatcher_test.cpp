#include "one_send.hpp"

#include "adapter/prometheus/prometheus_metrics.hpp"

#include <gtest/gtest.h>

namespace recoup::service {
namespace {

struct DispatcherTest : testing::Test {
    OneSend store;
    CountingChannel channel;
    NoTemplates templates;
    Composer composer{templates, {}};
    ManualClock clock{instant_from_millis(0)};
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

TEST_F(DispatcherTest, WithKeysTheRecoveryOfItsLeasePutsItBack) {
    channel.with_keys = true;
    ASSERT_TRUE(dispatcher.run_once(clock.now(), {}, [] { return false; }));
    EXPECT_EQ(channel.sent, 0);
    EXPECT_TRUE(store.finished.empty());
}

}  // namespace
}  // namespace recoup::service
