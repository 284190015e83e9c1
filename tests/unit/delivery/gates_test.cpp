// What stands between a decision to send and the call: pauses, rates, breakers, and the time after an outage.
#include "adapter/memory/outbox_store.hpp"
#include "adapter/memory/schedule_store.hpp"
#include "adapter/prometheus/prometheus_metrics.hpp"
#include "service/delivery/dispatcher.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <map>
#include <optional>
#include <set>

namespace recoup::service {
namespace {

struct SameText final : TemplateEngine {
    Result<Content> render(std::string_view, Channel, nlohmann::json const&) const override { return Content{"Back", "Come back.", ""}; }
    bool exists(std::string_view, Channel) const override { return true; }
};

/// A provider as a test wants it.
struct ScriptedChannel final : ChannelAdapter {
    explicit ScriptedChannel(Clock const& time) : clock(time) {}
    std::string_view name() const override { return "scripted"; }
    bool serves(Channel) const override { return true; }
    bool idempotent() const override { return false; }
    Outcome send(Message const& message) override {
        calls.emplace_back(clock.now(), message.to);
        return answer;
    }

    Clock const& clock;
    Outcome answer = Outcome::sent("x");
    std::vector<std::pair<Instant, std::string>> calls;
};

struct GatesTest : testing::Test {
    GatesTest() {
        Shop shop;
        shop.id = "s";
        EXPECT_TRUE(database.add_shop(shop));
        Sequence sequence;
        sequence.name = "cart";
        sequence.steps.resize(2);
        for (auto& step : sequence.steps) step.useful_for = std::chrono::hours{6};
        database.apply_sequence("s", sequence);
        policy.email_consent_required = false;
    }

    /// One with so many steps that are due now.
    void enroll(std::string const& id, int steps = 1) {
        (void)database.run([&](memory::State& state) -> Result<void> {
            Person person;
            person.id = "p-" + id;
            person.email.value = id + "@example.com";
            person.email.version.at = clock.now();
            state.persons.put({"s", person.id}, person);
            Cart cart;
            cart.id = "c-" + id;
            cart.person_id = person.id;
            cart.last_activity_at = clock.now();
            cart.content.value.lines.resize(1);
            cart.content.value.subtotal_minor = 1000;
            state.carts.put({"s", cart.id}, memory::CartRow{cart, std::nullopt, never});
            Enrollment enrollment;
            enrollment.id = id;
            enrollment.person_id = person.id;
            enrollment.cart_id = cart.id;
            enrollment.sequence = "cart";
            enrollment.sequence_version = 1;
            if (auto done = memory::insert_enrollments(state, "s", {enrollment}); !done) return done;
            std::vector<PlannedStep> planned;
            for (int i = 0; i < steps; ++i) planned.push_back({id, 1, i, Channel::email, clock.now(), clock.now(), StepWait::none});
            memory::insert_steps(state, "s", planned);
            return {};
        });
    }
    Dispatcher& with(Dispatcher::Settings settings) {
        settings.concurrency = 1;
        settings.lease = Seconds{60};
        return dispatcher.emplace(schedule, Channels{{Channel::email, &channel}}, composer, clock, metrics, Scorer{}, settings);
    }
    /// From due time to due time, as the manual clock does.
    void live(Millis time) {
        auto const end = clock.now() + time;
        for (;;) {
            for (;;) {
                ASSERT_TRUE(dispatcher->recover(clock.now()));
                auto const done = dispatcher->run_once(clock.now(), policy);
                ASSERT_TRUE(done) << done.error().message;
                if (*done == 0) break;
            }
            auto const due = schedule.next_due().value();
            if (!due || *due > end) break;
            clock.set(*due);
        }
        clock.set(end);
    }
    std::size_t decisions(Reason reason) const {
        std::size_t count = 0;
        for (auto const& [id, decision] : database.state().decisions)
            if (decision->reason == reason) ++count;
        return count;
    }

    memory::Database database;
    memory::MemoryScheduleStore schedule{database};
    memory::MemoryOutboxStore outbox{database};
    ManualClock clock{parse_rfc3339("2026-03-02T12:00:00Z").value()};
    Instant const start = clock.now();
    ScriptedChannel channel{clock};
    SameText templates;
    Composer composer{templates, {"https://recoup.example", core::LinkKey{1, Bytes(32, 7)}}};
    prometheus_adapter::PrometheusMetrics metrics{"1"};
    core::Policy policy;
    std::optional<Dispatcher> dispatcher;
};

TEST_F(GatesTest, ARateSpreadsABurstAndAsksAboutEachOnce) {
    Dispatcher::Settings settings;
    settings.gates.rates[Channel::email] = core::Rate{0.1, 2};
    with(settings);
    for (int i = 0; i < 50; ++i) enroll("e" + std::to_string(i));
    live(std::chrono::hours{1});
    ASSERT_EQ(channel.calls.size(), 50U);
    for (std::size_t i = 2; i < 50; ++i) EXPECT_EQ(channel.calls[i].first - channel.calls[i - 1].first, Seconds{10}) << i;
    EXPECT_EQ(decisions(Reason::rate_limited), 48U);
}

TEST_F(GatesTest, ARateDropsWhatWouldComeTooLate) {
    Dispatcher::Settings settings;
    settings.gates.rates[Channel::email] = core::Rate{1.0 / 3600, 1};
    with(settings);
    for (int i = 0; i < 10; ++i) enroll("e" + std::to_string(i));
    live(std::chrono::hours{24});
    EXPECT_EQ(channel.calls.size(), 7U);   // one each hour of six, and the first
    EXPECT_EQ(decisions(Reason::too_late), 3U);
}

TEST_F(GatesTest, AProviderThatIsDownIsLeftAloneAndNothingIsLost) {
    Dispatcher::Settings settings;
    settings.gates.breaker = {3, Seconds{30}, std::chrono::minutes{5}};
    with(settings);
    channel.answer = Outcome::retry("503");
    for (int i = 0; i < 40; ++i) enroll("e" + std::to_string(i));
    live(std::chrono::hours{1});
    EXPECT_GE(channel.calls.size(), 3U);
    EXPECT_LT(channel.calls.size(), 40U) << "each would have been tried many times";
    EXPECT_LE(decisions(Reason::provider_down), 40U) << "told once each, however long it lasts";
    channel.answer = Outcome::sent("x");
    auto const before = channel.calls.size();
    live(std::chrono::hours{4});
    EXPECT_EQ(decisions(Reason::retry_exhausted), 0U);
    EXPECT_EQ(channel.calls.size() - before, 40U);
    EXPECT_NE(metrics.exposition().find("recoup_deliver_breaker_email_state 0"), std::string::npos);
}

TEST_F(GatesTest, RefusalsOfAddressesOpenNoBreaker) {
    Dispatcher::Settings settings;
    settings.gates.breaker.failures = 3;
    with(settings);
    channel.answer = Outcome::rejected("550 no such user");
    for (int i = 0; i < 20; ++i) enroll("e" + std::to_string(i));
    live(std::chrono::minutes{1});
    EXPECT_EQ(channel.calls.size(), 20U);
}

TEST_F(GatesTest, UnknownOutcomesOpenTheBreakerToo) {
    Dispatcher::Settings settings;
    settings.gates.breaker.failures = 3;
    with(settings);
    channel.answer = Outcome::unknown("timeout");
    for (int i = 0; i < 20; ++i) enroll("e" + std::to_string(i));
    ASSERT_TRUE(dispatcher->run_once(clock.now(), policy));
    EXPECT_EQ(channel.calls.size(), 3U);
    for (auto const& [id, row] : database.state().steps)
        EXPECT_TRUE(row->attempt <= 1 && row->state != StepState::sending);
}

TEST_F(GatesTest, APausedStepWaitsAndComesBackAtADistanceWhenItIsResumed) {
    Dispatcher::Settings settings;
    with(settings);
    ASSERT_TRUE(outbox.pause({}));
    for (int i = 0; i < 20; ++i) enroll("e" + std::to_string(i), 2);
    live(std::chrono::hours{1});
    EXPECT_TRUE(channel.calls.empty());
    EXPECT_EQ(decisions(Reason::paused), 40U);
    ASSERT_EQ(outbox.resume({}, clock.now(), std::chrono::minutes{10}).value(), 40U);
    live(std::chrono::hours{12});
    ASSERT_EQ(channel.calls.size(), 40U);
    std::set<Instant> moments;
    std::map<std::string, Instant> last;
    for (auto const& [at, to] : channel.calls) {
        moments.insert(at);
        EXPECT_LE(at, start + std::chrono::hours{6});
        if (auto const before = last.find(to); before != last.end()) {
            EXPECT_GE(at - before->second, policy.min_gap);
        }
        last[to] = at;
    }
    EXPECT_GT(moments.size(), 30U) << "no burst";
}

TEST_F(GatesTest, WhatOutlivesItsUseUnderAPauseIsDroppedWithItsReason) {
    with({});
    ASSERT_TRUE(outbox.pause({}));
    enroll("e");
    live(std::chrono::hours{7});
    EXPECT_TRUE(channel.calls.empty());
    EXPECT_EQ(decisions(Reason::too_late), 1U);
    EXPECT_FALSE(database.state().enrollments.find({"s", "e"})->active);
}

TEST_F(GatesTest, AfterAnOutageWhatIsOverdueIsSpreadOutOnceAndWithinItsUse) {
    Dispatcher::Settings settings;
    settings.spread = std::chrono::minutes{10};
    with(settings);
    for (int i = 0; i < 100; ++i) enroll("e" + std::to_string(i));
    clock.set(start + std::chrono::hours{5} + std::chrono::minutes{55});   // nobody was there; five minutes of use are left
    live(std::chrono::hours{1});
    ASSERT_EQ(channel.calls.size(), 100U);
    std::map<Instant, int> in_a_minute;
    for (auto const& [at, to] : channel.calls) {
        EXPECT_LE(at, start + std::chrono::hours{6});
        ++in_a_minute[std::chrono::floor<std::chrono::minutes>(at)];
    }
    EXPECT_GE(in_a_minute.size(), 5U);
    EXPECT_EQ(decisions(Reason::overdue), 100U);
}

TEST_F(GatesTest, WhatIsOnlyALittleLateGoesAtOnce) {
    with({});
    enroll("e");
    clock.set(start + std::chrono::minutes{10});
    ASSERT_TRUE(dispatcher->run_once(clock.now(), policy));
    EXPECT_EQ(channel.calls.size(), 1U);
}

TEST_F(GatesTest, WhatMayHaveLeftThroughAnotherProviderIsNotSentThroughThisOne) {
    with({});
    enroll("e");
    (void)database.run([&](memory::State& state) {
        memory::MessageRow row;
        row.draft.message.id = "m";
        row.draft.enrollment_id = "e";
        row.draft.adapter = "another";
        row.status = MessageStatus::unknown;
        state.messages.put({"s", "m"}, row);
    });
    ASSERT_TRUE(dispatcher->run_once(clock.now(), policy));
    EXPECT_TRUE(channel.calls.empty());
    EXPECT_EQ(decisions(Reason::outcome_unknown), 1U);
    EXPECT_EQ(outbox.unknown_count().value(), 1);
}

}  // namespace
}  // namespace recoup::service
