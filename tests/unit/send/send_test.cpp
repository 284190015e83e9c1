#include "core/send/send.hpp"

#include <gtest/gtest.h>

namespace recoup::core {
namespace {

Instant at(int second) { return instant_from_seconds(1'000'000 + second); }

SendState due(std::optional<MessageStatus> message = std::nullopt) {
    SendState state;
    state.due_at = at(0);
    state.message = message;
    return state;
}

SendState sending() { return next(due(), Decided{at(0), Verdict::send, at(60), {}, false}).value(); }

Finished answer(OutcomeKind outcome, std::optional<Instant> again_at = std::nullopt, bool idempotent = false) {
    return {1, outcome, again_at, idempotent, true};
}

TEST(Send, BeginsWithALeaseATokenAndAnAttempt) {
    auto const state = sending();
    EXPECT_EQ(state.step, StepState::sending);
    EXPECT_EQ(state.message, MessageStatus::sending);
    EXPECT_EQ(state.lease_until, at(60));
    EXPECT_EQ(state.lease_token, 1);
    EXPECT_EQ(state.attempt, 1);
}

TEST(Send, DoesNotBeginBeforeItsTimeNorTwice) {
    EXPECT_FALSE(next(due(), Decided{at(-1), Verdict::send, at(60), {}, false}));
    EXPECT_FALSE(next(sending(), Decided{at(1), Verdict::send, at(60), {}, false}));
}

TEST(Send, EveryAnswerHasItsEnd) {
    auto const of = [](Finished const& finished) { return next(sending(), finished).value(); };
    EXPECT_EQ(of(answer(OutcomeKind::sent)).message, MessageStatus::sent);
    EXPECT_EQ(of(answer(OutcomeKind::rejected)).message, MessageStatus::rejected);
    EXPECT_EQ(of(answer(OutcomeKind::unknown)).message, MessageStatus::unknown);
    EXPECT_EQ(of(answer(OutcomeKind::retry_later)).message, MessageStatus::rejected);   // no time is left
    for (auto const kind : {OutcomeKind::sent, OutcomeKind::rejected, OutcomeKind::unknown, OutcomeKind::retry_later}) {
        EXPECT_EQ(of(answer(kind)).step, StepState::done);
        EXPECT_EQ(of(answer(kind)).lease_until, never);
    }
    auto const again = of(answer(OutcomeKind::retry_later, at(90)));
    EXPECT_EQ(again.step, StepState::planned);
    EXPECT_EQ(again.message, MessageStatus::retry);
    EXPECT_EQ(again.due_at, at(90));
    EXPECT_EQ(again.attempt, 1);
}

TEST(Send, WhatWasHeldBackBeforeTheCallIsNoAttempt) {
    auto held = answer(OutcomeKind::retry_later, at(90));
    held.called = false;
    EXPECT_EQ(next(sending(), held)->attempt, 0);
}

TEST(Send, AStaleTokenCountsForNothing) {
    auto stale = answer(OutcomeKind::sent);
    stale.lease_token = 0;
    EXPECT_FALSE(next(sending(), stale));
    EXPECT_FALSE(next(next(sending(), answer(OutcomeKind::rejected)).value(), answer(OutcomeKind::sent)));
}

TEST(Send, AnEndedLeaseIsUnknownAndPlannedAgainOnlyWithKeys) {
    EXPECT_FALSE(next(sending(), LeaseEnded{at(59), true}));
    auto const without = next(sending(), LeaseEnded{at(60), false}).value();
    EXPECT_EQ(without.step, StepState::done);
    EXPECT_EQ(without.message, MessageStatus::unknown);
    auto const with = next(sending(), LeaseEnded{at(60), true}).value();
    EXPECT_EQ(with.step, StepState::planned);
    EXPECT_EQ(with.message, MessageStatus::unknown);
    EXPECT_EQ(with.attempt, 0);
}

TEST(Send, AnUnknownOutcomeIsAskedAgainOnlyWithKeys) {
    EXPECT_EQ(next(sending(), answer(OutcomeKind::unknown, at(90), false))->step, StepState::done);
    auto const again = next(sending(), answer(OutcomeKind::unknown, at(90), true)).value();
    EXPECT_EQ(again.step, StepState::planned);
    EXPECT_FALSE(next(again, Decided{at(90), Verdict::send, at(150), {}, false}));   // another provider by now
    EXPECT_TRUE(next(again, Decided{at(90), Verdict::send, at(150), {}, true}));
}

TEST(Send, ACallbackSettlesWhatNobodyKnows) {
    auto const unknown = next(sending(), LeaseEnded{at(60), false}).value();
    EXPECT_EQ(next(unknown, Resolved{true, {}})->message, MessageStatus::sent);
    auto const keyed = next(sending(), LeaseEnded{at(60), true}).value();
    auto const left = next(keyed, Resolved{true, {}}).value();
    EXPECT_EQ(left.step, StepState::done);   // not asked again
    EXPECT_EQ(left.message, MessageStatus::sent);
}

TEST(Send, ACallbackThatOvertakesItsAnswerCountsWhateverTheAnswerWas) {
    auto state = sending();
    state.came_back = true;
    EXPECT_FALSE(next(state, Resolved{true, {}}));   // the sender is not done
    for (auto const kind : {OutcomeKind::unknown, OutcomeKind::retry_later, OutcomeKind::rejected})
        EXPECT_EQ(next(state, answer(kind, at(90), true))->message, MessageStatus::sent);
    EXPECT_EQ(next(state, LeaseEnded{at(60), true})->message, MessageStatus::sent);
    auto waiting = due(MessageStatus::retry);
    waiting.came_back = true;
    EXPECT_FALSE(next(waiting, Decided{at(0), Verdict::send, at(60), {}, true}));
}

TEST(Send, APersonWhoSaysNotSentPlansItAnewWhileItIsUseful) {
    auto const unknown = next(sending(), LeaseEnded{at(60), false}).value();
    auto const again = next(unknown, Resolved{false, at(70)}).value();
    EXPECT_EQ(again.step, StepState::planned);
    EXPECT_EQ(again.message, MessageStatus::retry);
    EXPECT_EQ(again.due_at, at(70));
    EXPECT_EQ(next(unknown, Resolved{false, {}})->message, MessageStatus::rejected);
    auto known = unknown;
    known.came_back = true;
    EXPECT_FALSE(next(known, Resolved{false, at(70)}));
    for (auto const status : {MessageStatus::sent, MessageStatus::rejected}) {
        auto settled = unknown;
        settled.message = status;
        EXPECT_FALSE(next(settled, Resolved{false, at(70)}));
        EXPECT_FALSE(next(settled, Resolved{true, {}}));
    }
}

TEST(Send, CancellingStopsWhatIsPlannedAndNothingElse) {
    EXPECT_EQ(next(due(), Cancelled{})->step, StepState::dropped);
    EXPECT_FALSE(next(sending(), Cancelled{}));
}

}  // namespace
}  // namespace recoup::core
