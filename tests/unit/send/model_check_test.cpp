// Every state that a send can reach is visited, with two workers that may die anywhere and a provider that may take a
// request long after everybody gave up on it. The broken variants show that the check sees what it is for.
#include "send_model.hpp"

#include <gtest/gtest.h>

namespace recoup::core::model {
namespace {

std::string story(Finding const& finding) {
    std::string text = finding.violation;
    for (auto const& what : finding.path) text += "\n  " + what;
    return text;
}

TEST(SendModel, WithoutKeysNothingIsSentTwiceByWhateverPath) {
    auto const finding = explore({});
    EXPECT_EQ(finding.violation, "") << story(finding);
    EXPECT_GT(finding.states, 1000U);
    RecordProperty("states", static_cast<int>(finding.states));
}

TEST(SendModel, WithKeysARepetitionHasOneEffect) {
    for (bool const repeats : {false, true}) {
        auto const finding = explore({true, repeats});
        EXPECT_EQ(finding.violation, "") << story(finding);
        EXPECT_GT(finding.states, 1000U);
    }
}

TEST(SendModel, ASenderThatWantsToRepeatWhatIsUnknownIsNotHeardWithoutKeys) {
    auto const finding = explore({false, true});
    EXPECT_EQ(finding.violation, "") << story(finding);
}

struct Variant {
    char const* name;
    bool keyed;
    Transition next;
    char const* violation;
};

class Broken : public testing::TestWithParam<Variant> {};

TEST_P(Broken, IsFound) {
    auto const finding = explore({GetParam().keyed, false, GetParam().next});
    EXPECT_EQ(finding.violation, GetParam().violation) << story(finding);
    EXPECT_FALSE(finding.path.empty());
}

std::optional<SendState> without_fencing(SendState const& state, SendEvent const& event) {
    auto const* finished = std::get_if<Finished>(&event);
    if (finished == nullptr) return next(state, event);
    auto unfenced = *finished;
    unfenced.lease_token = state.lease_token;
    return next(state, unfenced);
}

std::optional<SendState> resending_what_lost_its_lease(SendState const& state, SendEvent const& event) {
    auto const* ended = std::get_if<LeaseEnded>(&event);
    if (ended == nullptr) return next(state, event);
    auto after = next(state, LeaseEnded{ended->now, true});
    if (after && after->message == MessageStatus::unknown) after->message = MessageStatus::retry;
    return after;
}

std::optional<SendState> claiming_what_is_unknown(SendState const& state, SendEvent const& event) {
    auto planned = state;
    bool const decided = std::holds_alternative<Decided>(event);
    if (decided && state.step == StepState::done && state.message == MessageStatus::unknown) {
        planned.step = StepState::planned;
        planned.message = MessageStatus::retry;
    }
    return next(planned, event);
}

std::optional<SendState> retrying_what_was_unknown(SendState const& state, SendEvent const& event) {
    auto after = next(state, event);
    if (after && std::holds_alternative<Finished>(event) && after->message == MessageStatus::unknown) {
        after->step = StepState::planned;
        after->message = MessageStatus::retry;
    }
    return after;
}

std::optional<SendState> never_taking_over(SendState const& state, SendEvent const& event) {
    return std::holds_alternative<LeaseEnded>(event) ? std::nullopt : next(state, event);
}

std::optional<SendState> taking_over_at_once(SendState const& state, SendEvent const& event) {
    auto const* ended = std::get_if<LeaseEnded>(&event);
    return ended == nullptr ? next(state, event) : next(state, LeaseEnded{std::max(ended->now, state.lease_until), ended->idempotent});
}

std::optional<SendState> keeping_the_lease(SendState const& state, SendEvent const& event) {
    auto after = next(state, event);
    if (after && std::holds_alternative<Finished>(event)) after->lease_until = state.lease_until;
    return after;
}

INSTANTIATE_TEST_SUITE_P(
    SendModel, Broken,
    testing::Values(Variant{"without_fencing", true, without_fencing, "a completion with a stale token counts"},
                    Variant{"resending_what_lost_its_lease", false, resending_what_lost_its_lease, "the shopper saw it twice"},
                    Variant{"claiming_what_is_unknown", false, claiming_what_is_unknown, "an unknown one is sent again blindly"},
                    Variant{"retrying_what_was_unknown", false, retrying_what_was_unknown, "the shopper saw it twice"},
                    Variant{"never_taking_over", false, never_taking_over, "a lease never ends"},
                    Variant{"taking_over_at_once", false, taking_over_at_once, "a lease is taken over while it runs"},
                    Variant{"keeping_the_lease", false, keeping_the_lease, "a lease without a send, or a send without a lease"}),
    [](auto const& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace recoup::core::model
