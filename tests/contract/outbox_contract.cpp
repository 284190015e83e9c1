// What operators do about sending, alike in memory and on Postgres.
#include "contract/store_contract.hpp"

#include "core/send/resolve.hpp"

#include <gtest/gtest.h>

namespace recoup::test {
namespace {

using MakeOutboxWorld = std::unique_ptr<StoreWorld> (*)();

class Outbox : public testing::TestWithParam<std::pair<char const*, MakeOutboxWorld>> {
protected:
    Outbox() : world(GetParam().second()) {
        Shop shop;
        shop.id = "s";
        EXPECT_TRUE(world->add_shop(shop));
        Sequence sequence;
        sequence.name = "cart";
        sequence.steps.resize(2);
        sequence.steps[0].useful_for = sequence.steps[1].useful_for = std::chrono::hours{6};
        EXPECT_TRUE(world->apply_sequence(sequence, "s"));
    }

    Result<void> write(TrackWrite given, Changes const& changes = {}) {
        World state;
        state.shop_id = "s";
        std::vector<ShopWork> work(1);
        work[0].want.shop_id = "s";
        work[0].world = &state;
        work[0].changes = &changes;
        work[0].fold = [&](TrackState const&) { return given; };
        auto const from = offset++;
        return world->track().apply(work, "log", {{0, from}}, {{0, offset}}, now);
    }
    /// An enrollment of a person of its own with one due step of each channel given.
    void enroll(std::string const& id, std::vector<Channel> const& channels = {Channel::sms}, Trigger trigger = Trigger::cart) {
        TrackWrite opened;
        Enrollment enrollment;
        enrollment.id = id;
        enrollment.person_id = "p-" + id;
        enrollment.trigger = trigger;
        enrollment.sequence = "cart";
        enrollment.sequence_version = 1;
        enrollment.anchor_at = enrollment.opened_at = now;
        opened.opened.push_back(enrollment);
        for (std::size_t i = 0; i < channels.size(); ++i)
            opened.steps.push_back({id, 1, static_cast<int>(i), channels[i], now, now, StepWait::none});
        ASSERT_TRUE(write(opened));
    }
    /// Everything due is claimed, and sent unless it is paused.
    ScheduleStore::Claimed claim() {
        seen.clear();
        auto claimed = world->schedule().claim_steps(now, now + Seconds{60}, 50, [&](std::vector<DueStep> const& due) {
            seen = due;
            std::vector<StepWrite> writes;
            for (auto const& step : due) writes.push_back(decided(step));
            return writes;
        });
        EXPECT_TRUE(claimed) << claimed.error().message;
        return claimed ? *claimed : ScheduleStore::Claimed{};
    }
    StepWrite decided(DueStep const& due) const {
        StepWrite write;
        write.shop_id = due.shop->id;
        write.enrollment_id = due.enrollment.id;
        write.plan = due.step.plan;
        write.step = due.step.step;
        write.decision.id = due.enrollment.id + std::to_string(due.step.step) + to_rfc3339(now);
        write.decision.subject = "step";
        write.decision.at = now;
        if (due.paused) {
            write.verdict = Verdict::move;
            write.reason = Reason::paused;
            write.move_to = due.step.planned_at + std::chrono::hours{6} + Millis{1};
            return write;
        }
        write.verdict = Verdict::send;
        write.may_repeat = true;   // as if the provider knew keys
        write.draft.emplace();
        write.draft->message.id = "m-" + due.enrollment.id + "-" + std::to_string(due.step.step);
        write.draft->message.shop_id = "s";
        write.draft->message.channel = due.step.channel;
        write.draft->enrollment_id = due.enrollment.id;
        write.draft->person_id = due.enrollment.person_id;
        write.draft->adapter = "keyless";
        write.draft->sequence = "cart";
        write.draft->step = due.step.step;
        write.draft->planned_at = due.step.planned_at;
        write.draft->request_hash = "hash";
        return write;
    }
    void finish(ScheduleStore::Claimed const& claimed, OutcomeKind outcome) {
        std::vector<SendResult> results;
        for (std::size_t i = 0; i < claimed.sends.size(); ++i) {
            auto const& [draft, token] = claimed.sends[i];
            SendResult result;
            result.shop_id = "s";
            result.message_id = draft.message.id;
            result.enrollment_id = draft.enrollment_id;
            result.step = draft.step;
            result.lease_token = token;
            result.channel = draft.message.channel;
            result.outcome.kind = outcome;
            result.outcome.code = "timeout";
            results.push_back(result);
        }
        ASSERT_TRUE(world->schedule().finish(results, now));
    }
    std::vector<UnknownSend> unknown(std::string const& shop = {}) { return world->outbox().unknown({shop, {}, {}, 10}).value(); }
    Pause everything() const {
        Pause pause;
        pause.since = now;
        return pause;
    }
    void callback(std::string const& message_id) {
        Changes changes;
        MessageFeedback feedback;
        feedback.kind = FeedbackKind::delivered;
        feedback.message_id = message_id;
        changes.feedback.emplace_back(now, feedback);
        ASSERT_TRUE(write({}, changes));
    }

    std::unique_ptr<StoreWorld> world;
    Instant now = parse_rfc3339("2026-03-02T12:00:00Z").value();
    std::int64_t offset = 0;
    std::vector<DueStep> seen;
};

INSTANTIATE_TEST_SUITE_P(Both, Outbox,
                         testing::Values(std::pair{"memory", &memory_stores}, std::pair{"postgres", &postgres_stores}),
                         [](auto const& tested) { return std::string(tested.param.first); });

TEST_P(Outbox, ListsWhatIsUnknownWithoutAddresses) {
    enroll("e1");
    enroll("e2");
    finish(claim(), OutcomeKind::unknown);
    auto const all = unknown();
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].message_id, "m-e1-0");
    EXPECT_EQ(all[0].adapter, "keyless");
    EXPECT_EQ(all[0].channel, Channel::sms);
    EXPECT_EQ(all[0].provider_code, "timeout");
    EXPECT_EQ(all[0].planned_at, now);
    EXPECT_FALSE(all[0].repeated);
    EXPECT_EQ(world->outbox().unknown_count().value(), 2);
    EXPECT_EQ(unknown("another").size(), 0U);
    auto const behind = world->outbox().unknown({"s", all[0].planned_at, all[0].message_id, 10}).value();
    ASSERT_EQ(behind.size(), 1U);
    EXPECT_EQ(behind[0].message_id, "m-e2-0");
    EXPECT_EQ(world->outbox().unknown({{}, {}, {}, 1}).value().size(), 1U);
}

TEST_P(Outbox, NotSentIsPlannedAgainAlsoWhenItWasTheLastStep) {
    enroll("e1");
    finish(claim(), OutcomeKind::unknown);
    now += Seconds{90};
    auto const resolved = world->outbox().resolve("m-e1-0", false, now);
    ASSERT_TRUE(resolved) << resolved.error().message;
    EXPECT_TRUE(resolved->planned_again);
    EXPECT_EQ(resolved->status, MessageStatus::retry);
    EXPECT_EQ(world->outbox().resolve("m-e1-0", false, now).error().code, Errc::not_found);
    auto const again = claim();
    ASSERT_EQ(again.sends.size(), 1U);
    EXPECT_TRUE(seen[0].enrollment.active);
    EXPECT_EQ(seen[0].attempt, 1);
    ASSERT_TRUE(seen[0].tried);
    EXPECT_EQ(seen[0].tried->status, MessageStatus::retry);
    EXPECT_EQ(seen[0].tried->request_hash, "hash");
    finish(again, OutcomeKind::sent);
    EXPECT_TRUE(unknown().empty());
}

TEST_P(Outbox, NotSentIsClosedWhenItIsOfNoUseAnyMore) {
    enroll("e1");
    finish(claim(), OutcomeKind::unknown);
    now += std::chrono::hours{7};
    auto const resolved = world->outbox().resolve("m-e1-0", false, now).value();
    EXPECT_FALSE(resolved.planned_again);
    EXPECT_EQ(resolved.status, MessageStatus::rejected);
    EXPECT_EQ(resolved.reason, Reason::too_late);
    EXPECT_EQ(claim().decided, 0U);
}

TEST_P(Outbox, NotSentIsClosedWhenItsEnrollmentEndedForAnotherReason) {
    enroll("e1", {Channel::sms, Channel::email});
    auto claimed = claim();
    ASSERT_EQ(claimed.sends.size(), 2U);
    claimed.sends.resize(1);
    finish(claimed, OutcomeKind::unknown);
    TrackWrite ended;
    ended.ended.emplace_back("e1", Reason::ordered);
    ASSERT_TRUE(write(ended));
    auto const resolved = world->outbox().resolve("m-e1-0", false, now).value();
    EXPECT_FALSE(resolved.planned_again);
    EXPECT_EQ(resolved.reason, Reason::ordered);
}

TEST_P(Outbox, NotSentIsClosedWhenThePersonHasANewerEnrollmentInTheSameLane) {
    enroll("e1", {Channel::sms}, Trigger::browse);
    finish(claim(), OutcomeKind::unknown);   // its only step
    TrackWrite opened;
    Enrollment newer;
    newer.id = "e2";
    newer.person_id = "p-e1";
    newer.sequence = "cart";
    newer.sequence_version = 1;
    newer.anchor_at = newer.opened_at = now;
    opened.opened.push_back(newer);
    ASSERT_TRUE(write(opened));
    auto const resolved = world->outbox().resolve("m-e1-0", false, now);
    ASSERT_TRUE(resolved) << resolved.error().message;
    EXPECT_FALSE(resolved->planned_again);
    EXPECT_EQ(resolved->reason, Reason::superseded);
}

TEST_P(Outbox, SentClosesItAndNobodyClaimsIt) {
    enroll("e1");
    finish(claim(), OutcomeKind::unknown);
    EXPECT_EQ(world->outbox().resolve("m-e1-0", true, now)->status, MessageStatus::sent);
    EXPECT_TRUE(unknown().empty());
    EXPECT_EQ(world->outbox().resolve("nothing", true, now).error().code, Errc::not_found);
    now += std::chrono::hours{1};
    EXPECT_EQ(claim().decided, 0U);
}

TEST_P(Outbox, ACallbackSettlesAnUnknownMessageByItself) {
    enroll("e1");
    finish(claim(), OutcomeKind::unknown);
    callback("m-e1-0");
    EXPECT_EQ(world->schedule().recover_leases(now, {}).value(), 1U);
    EXPECT_TRUE(unknown().empty());
    EXPECT_EQ(world->schedule().recover_leases(now, {}).value(), 0U);
}

TEST_P(Outbox, ACallbackThatCameBeforeTheLeaseEndedKeepsItFromBecomingUnknown) {
    enroll("e1");
    enroll("e2");
    (void)claim();   // and the sender dies
    callback("m-e1-0");
    now += Seconds{61};
    EXPECT_EQ(world->schedule().recover_leases(now, {.idempotent = {"keyless"}}).value(), 2U);   // as if it knew keys
    ASSERT_EQ(unknown().size(), 1U);
    EXPECT_EQ(unknown()[0].message_id, "m-e2-0");
    EXPECT_TRUE(unknown()[0].repeated);
    EXPECT_TRUE(world->outbox().resolve("m-e2-0", false, now)->planned_again);   // as it was
}

TEST_P(Outbox, WhatAProviderIsAskedAboutAndFindsIsSent) {
    enroll("e1");
    enroll("e2");
    enroll("e3");
    (void)claim();   // and the sender dies
    now += Seconds{61};
    EXPECT_EQ(world->schedule().recover_leases(now, {.idempotent = {"keyless"}}).value(), 3U);
    EXPECT_TRUE(world->schedule().unknown_messages({"another"}, {}, 10)->empty());
    auto const first = world->schedule().unknown_messages({"another", "keyless"}, {}, 2).value();
    ASSERT_EQ(first.size(), 2U);
    EXPECT_EQ(first[0].message_id, "m-e1-0");
    EXPECT_EQ(first[0].adapter, "keyless");
    ASSERT_EQ(world->schedule().unknown_messages({"keyless"}, first[1].message_id, 2)->size(), 1U);

    (void)world->outbox().resolve("m-e3-0", true, now);
    EXPECT_EQ(world->schedule().settle_found({{"s", "m-e1-0", "x1"}, {"s", "m-e3-0", "x3"}, {"s", "nothing", "x"}}, now).value(), 1U);
    ASSERT_EQ(unknown().size(), 1U);
    EXPECT_EQ(unknown()[0].message_id, "m-e2-0");
    EXPECT_EQ(claim().sends.size(), 1U) << "only that of which nothing is known is decided again";
    EXPECT_EQ(world->schedule().settle_found({{"s", "m-e2-0", "x2"}}, now).value(), 0U) << "it is being sent again";
}

TEST_P(Outbox, WhatIsLookedUpIsRepeatedOnlyAfterThereWasTimeForIt) {
    enroll("e1");
    (void)claim();
    now += Seconds{61};
    EXPECT_EQ(world->schedule().recover_leases(now, {{"keyless"}, {"keyless"}, Seconds{10}}).value(), 1U);
    EXPECT_EQ(claim().decided, 0U);
    now += Seconds{10};
    EXPECT_EQ(claim().decided, 1U);
}

TEST_P(Outbox, ALeaseIsTakenOverBeforeItsEndByWhoIsAlone) {
    enroll("e1");
    (void)claim();
    EXPECT_EQ(world->schedule().recover_leases(now, {.early = Seconds{59}}).value(), 0U);
    EXPECT_EQ(world->schedule().recover_leases(now, {.early = std::chrono::hours{24}}).value(), 1U);
    EXPECT_EQ(unknown().size(), 1U);
}

TEST_P(Outbox, APauseHoldsWhatItCoversAndNothingElse) {
    enroll("e1", {Channel::sms, Channel::email});
    Pause pause;
    pause.shop_id = "s";
    pause.channel = Channel::sms;
    pause.since = now;
    pause.note = "a test";
    ASSERT_TRUE(world->outbox().pause(pause));
    pause.since = now + Seconds{5};
    ASSERT_TRUE(world->outbox().pause(pause));
    ASSERT_EQ(world->outbox().pauses()->size(), 1U);
    EXPECT_EQ(world->outbox().pauses()->front().since, now);
    auto const claimed = claim();
    ASSERT_EQ(claimed.sends.size(), 1U);
    EXPECT_EQ(claimed.sends[0].first.message.channel, Channel::email);
    finish(claimed, OutcomeKind::sent);
    now += std::chrono::hours{1};
    EXPECT_EQ(claim().decided, 0U);   // it waits, and nobody looks at it
    EXPECT_EQ(world->schedule().due_count(now).value(), 0);

    Pause other;
    EXPECT_EQ(world->outbox().resume(other, now, Seconds{60}).error().code, Errc::not_found);
    EXPECT_EQ(world->outbox().resume(pause, now, Seconds{60}).value(), 1U);
    EXPECT_TRUE(world->outbox().pauses()->empty());
    now += Seconds{60};
    ASSERT_EQ(claim().sends.size(), 1U);
    EXPECT_EQ(seen[0].step.wait, StepWait::resumed);
}

TEST_P(Outbox, WhatOutlivedItsUseUnderAPauseIsDecidedOnceMore) {
    enroll("e1");
    ASSERT_TRUE(world->outbox().pause(everything()));
    EXPECT_EQ(claim().sends.size(), 0U);
    now += std::chrono::hours{8};
    EXPECT_EQ(world->outbox().resume({}, now, Seconds{60}).value(), 1U);
    EXPECT_EQ(claim().decided, 1U);   // to be told that it came too late
}

TEST_P(Outbox, AStepUnderTwoPausesWaitsForBoth) {
    enroll("e1");
    Pause by_sequence;
    by_sequence.sequence = "cart";
    by_sequence.since = now;
    ASSERT_TRUE(world->outbox().pause(everything()));
    ASSERT_TRUE(world->outbox().pause(by_sequence));
    (void)claim();
    EXPECT_EQ(world->outbox().resume({}, now, Millis{0}).value(), 1U);
    EXPECT_EQ(claim().sends.size(), 0U);
    ASSERT_TRUE(seen[0].paused);
    EXPECT_EQ(scope_text(*seen[0].paused), "sequence cart");
    EXPECT_EQ(world->outbox().resume(by_sequence, now, Millis{0}).value(), 1U);
    EXPECT_EQ(claim().sends.size(), 1U);
}

}  // namespace
}  // namespace recoup::test
