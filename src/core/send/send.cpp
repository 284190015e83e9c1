#include "core/send/send.hpp"

#include <algorithm>

namespace recoup::core {
namespace {

SendState closed(SendState state, StepState step, MessageStatus message) {
    state.step = step;
    state.message = message;
    state.lease_until = never;
    return state;
}

SendState planned(SendState state, Instant at, MessageStatus message) {
    state.due_at = at;
    return closed(state, StepState::planned, message);
}

std::optional<SendState> after(SendState state, Decided const& decided) {
    if (state.step != StepState::planned || state.due_at > decided.now) return std::nullopt;
    switch (decided.verdict) {
        case Verdict::send:
            if (state.came_back) return std::nullopt;   // it left already
            if (state.message == MessageStatus::unknown && !decided.may_repeat) return std::nullopt;
            state.step = StepState::sending;
            state.message = MessageStatus::sending;
            state.lease_until = decided.lease_until;
            ++state.lease_token;
            ++state.attempt;
            return state;
        case Verdict::move: state.due_at = decided.move_to; return state;
        case Verdict::skip:
        case Verdict::end:
        case Verdict::open:
        case Verdict::hold: state.step = StepState::skipped; return state;
    }
    return std::nullopt;
}

std::optional<SendState> after(SendState state, Finished const& finished) {
    if (state.step != StepState::sending || state.lease_token != finished.lease_token) return std::nullopt;
    if (state.came_back) return closed(state, StepState::done, MessageStatus::sent);   // whatever this try heard
    if (!finished.called) state.attempt = std::max(state.attempt - 1, 0);
    switch (finished.outcome) {
        case OutcomeKind::sent: return closed(state, StepState::done, MessageStatus::sent);
        case OutcomeKind::rejected: return closed(state, StepState::done, MessageStatus::rejected);
        case OutcomeKind::retry_later:
            return finished.again_at ? planned(state, *finished.again_at, MessageStatus::retry)
                                     : closed(state, StepState::done, MessageStatus::rejected);
        case OutcomeKind::unknown:
            return finished.again_at && finished.idempotent
                       ? planned(state, *finished.again_at, MessageStatus::unknown)
                       : closed(state, StepState::done, MessageStatus::unknown);
    }
    return std::nullopt;
}

std::optional<SendState> after(SendState state, LeaseEnded const& ended) {
    if (state.step != StepState::sending || state.lease_until > ended.now + ended.early) return std::nullopt;
    if (state.came_back) return closed(state, StepState::done, MessageStatus::sent);
    if (!ended.idempotent) return closed(state, StepState::done, MessageStatus::unknown);
    state.attempt = std::max(state.attempt - 1, 0);   // the repetition is the same attempt
    return planned(state, ended.now + ended.wait, MessageStatus::unknown);
}

std::optional<SendState> after(SendState state, Resolved const& resolved) {
    bool const unknown = state.message == MessageStatus::unknown;
    if (state.step == StepState::sending) return std::nullopt;   // whoever sends it tells
    if (resolved.sent) {
        if (!unknown && state.message != MessageStatus::retry) return std::nullopt;
        return closed(state, state.step == StepState::planned ? StepState::done : state.step, MessageStatus::sent);
    }
    if (!unknown || state.came_back) return std::nullopt;
    if (state.step == StepState::planned) return planned(state, state.due_at, MessageStatus::retry);
    if (state.step == StepState::done && resolved.again_at) return planned(state, *resolved.again_at, MessageStatus::retry);
    return closed(state, state.step, MessageStatus::rejected);
}

std::optional<SendState> after(SendState state, Cancelled const&) {
    if (state.step != StepState::planned) return std::nullopt;   // what is being sent is finished first
    state.step = StepState::dropped;
    return state;
}

}  // namespace

std::optional<SendState> next(SendState const& state, SendEvent const& event) {
    return std::visit([&](auto const& happened) { return after(state, happened); }, event);
}

}  // namespace recoup::core
