#pragma once
// The send of one step: every state it can be in, and the only function that leads from one to the next. The stores write
// what it says and refuse what it refuses.
//
//   planned -> sending (lease, attempt, request, committed before the call) -> sent | rejected | planned again | unknown
//
// A provider without idempotency keys is asked once for each time that it is sure to have nothing; what may have left is
// `unknown` until the provider's callback, a look-up or a person says what became of it.

#include "recoup/domain/enrollment.hpp"
#include "recoup/domain/message.hpp"

#include <cstdint>
#include <optional>
#include <variant>

namespace recoup::core {

/// A step's row and what is known of its message.
struct SendState {
    StepState step = StepState::planned;
    std::optional<MessageStatus> message;    // nullopt = nothing was ever tried
    Instant due_at{};
    int attempt = 0;                         // calls that were made or are under way
    std::int64_t lease_token = 0;            // rises with every lease
    Instant lease_until{};                   // never unless sending
    bool came_back = false;                  // a callback spoke of the message: the provider has it

    friend bool operator==(SendState const&, SendState const&) = default;
};

/// A due step was decided in the claim's transaction: send, move (to `move_to`), or anything else, which skips it.
struct Decided {
    Instant now{};
    Verdict verdict = Verdict::skip;
    Instant lease_until{};                   // with send
    Instant move_to{};                       // with move
    bool may_repeat = false;                 // with send: to the provider that was asked before, and it knows keys
};
/// Whoever holds `lease_token` tells what the provider answered.
struct Finished {
    std::int64_t lease_token = 0;
    OutcomeKind outcome = OutcomeKind::unknown;
    std::optional<Instant> again_at;         // when it may be tried again; nullopt = never
    bool idempotent = false;                 // the provider knows keys
    bool called = true;                      // false: held back before the call, no attempt
};
/// Nobody finished it in time.
struct LeaseEnded {
    Instant now{};
    bool idempotent = false;
    Millis wait{0};                          // before it is repeated
    Millis early{0};                         // it is taken over so long before its end: nobody else is there
};
/// Somebody who knows says whether the provider has it: a callback, a look-up, a person.
struct Resolved {
    bool sent = false;
    std::optional<Instant> again_at;         // not sent, and still useful: when to decide anew
};
/// Its plan does not count any more.
struct Cancelled {};

using SendEvent = std::variant<Decided, Finished, LeaseEnded, Resolved, Cancelled>;

/// nullopt: the event does not count in this state (a stale token, a lease that runs on, nothing left to resolve), and
/// nothing may be written.
std::optional<SendState> next(SendState const& state, SendEvent const& event);

}  // namespace recoup::core
