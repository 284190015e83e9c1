#pragma once
// ScheduleStore in memory, the model of adapter/postgres/schedule_store: what one does the other does, call for call.
// Transactions follow one another, so nothing is ever locked by somebody else.

#include "adapter/memory/database.hpp"
#include "core/plan/claim.hpp"

#include "recoup/port/schedule_store.hpp"

namespace recoup::memory {

class MemoryScheduleStore final : public ScheduleStore {
public:
    explicit MemoryScheduleStore(Database& database) : database_(database) {}

    Result<std::optional<Instant>> next_due() override;
    Result<std::size_t> open_idle(Instant now, OpenSize const& size,
                                  std::function<std::vector<OpenWrite>(std::vector<IdleCart> const&)> const& decide) override;
    Result<Claimed> claim_steps(Instant now, Instant lease_until, ClaimSize const& size,
                                std::function<std::vector<StepWrite>(std::vector<DueStep> const&)> const& decide) override;
    Result<void> finish(std::vector<SendResult> const& results, Instant now) override;
    Result<std::size_t> recover_leases(Instant now, LeaseRecovery const& how) override;
    Result<std::vector<UnknownMessage>> unknown_messages(std::vector<std::string> const& adapters, std::string const& after,
                                                         std::size_t max) override;
    Result<std::size_t> settle_found(std::vector<FoundMessage> const& found, Instant now) override;
    Result<std::int64_t> due_count(Instant now) override;

private:
    Database& database_;
};

using core::LeasedStep;

/// Due steps with what they are decided on; what needs no decision is settled already.
std::vector<LeasedStep> claim_due(State& state, Instant now, ClaimSize const& size);

/// A step's row as core/send knows it, and back. A message's row is kept apart.
core::SendState send_state(State const& state, StepId const& id);
void save_step(State& state, StepId const& id, core::SendState const& send);
void save_status(State& state, StepId const& id, core::SendState const& send, Reason reason, Instant now);
/// The step that a message belongs to, of its newest plan.
std::optional<StepId> step_of_message(State const& state, std::string const& shop_id, MessageRow const& row);

/// Fills shop, enrollment, sequence, cart, payment, person, history, suppressions and stock; `due` has shop.id and step.
void gather(State const& state, DueStep& due, Instant now);

}  // namespace recoup::memory
