#pragma once
// What every schedule store does with the steps it claims.

#include "core/send/send.hpp"

#include "recoup/port/schedule_store.hpp"

#include <string>
#include <vector>

namespace recoup::core {

/// A claimed step with where its send stands.
struct LeasedStep {
    DueStep due;
    SendState state;
    std::string message_id;   // of earlier tries; empty = none
    std::string person_id;    // whose it was when it was taken
    bool goes_on = false;     // known: the plan has a later step that nobody can claim yet
    bool in_lease = true;     // false: its store has written nothing of it since it was planned
};

/// What a due step becomes that nobody has to decide on: cancelled unless its `plan_counts`, resolved when its message is
/// known to have left; nullopt = it must be decided.
std::optional<SendEvent> without_a_decision(SendState const& state, bool plan_counts);

/// What a message's row says beside its status when no decision does.
Reason reason_of(SendState const& state);

/// The events of what was decided and what was answered.
Decided decided_event(StepWrite const& write, Instant now, Instant lease_until);
Finished finished_event(SendResult const& result);
LeaseEnded ended_event(LeaseRecovery const& how, std::string const& adapter, Instant now);

/// The order in which they are decided: the earliest due first, ties always broken the same way.
void order_claimed(std::vector<LeasedStep>& claimed);

/// The decision that is stored when a lease ended and nobody knows whether the message left.
Decision outcome_unknown(std::string const& message_id, std::string enrollment_id, std::string person_id,
                         std::string cart_id, int step, Instant now);

}  // namespace recoup::core
