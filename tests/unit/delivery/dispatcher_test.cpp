#include "service/delivery/dispatcher.hpp"

#include "adapter/prometheus/prometheus_metrics.hpp"

#include <atomic>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace recoup::service {
namespace {

struct NoTemplates final : TemplateEngine {
    Result<Content> render(std::string_view, Channel, nlohmann::json const&) const override { return error(Errc::not_found, "none"); }
};

/// One step is due and was decided to be sent.
struct OneSend final : ScheduleStore {
    Result<std::optional<Instant>> next_due() override { return std::optional<Instant>{}; }
    Result<std::size_t> open_idle(Instant, std::size_t,
                                  std::function<std::vector<OpenWrite>(std::vector<IdleCart> const&)> const&) override {
        return 0;
    }
    Result<Claimed> claim_steps(Instant, Instant, std::size_t,
                                std::function<std::vector<StepWrite>(std::vector<DueStep> const&)> const&) override {
        MessageDraft draft;
        draft.message.id = "m";
        draft.message.channel = Channel::email;
        Claimed claimed;
        claimed.decided = 1;
        claimed.sends.emplace_back(draft, 7);
        DueStep due;
        due.sequence.steps.emplace_back();
        due.sequence.steps.back().useful_for = std::chrono::hours{24};
        claimed.facts.push_back(due);
        return claimed;
    }
    Result<void> finish(std::vector<SendResult> const& results, Instant) override {
        finished = results;
        return {};
    }
    Result<std::size_t> recover_leases(Instant, std::vector<std::string> const&) override { return 0; }
    Result<std::int64_t> due_count(Instant) override { return 0; }

    std::vector<SendResult> finished;
};

struct CountingChannel final : ChannelAdapter {
    std::string_view name() const override { return "counting"; }
    bool serves(Channel) const override { return true; }
    bool idempotent() const override { return with_keys; }
    Outcome send(Message const&) override {
        ++sent;
        return Outcome::sent("x");
    }

    bool with_keys = false;
    std::atomic<int> sent = 0;
};

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
