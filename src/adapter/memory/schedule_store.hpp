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
    Result<std::size_t> open_idle(Instant now, std::size_t max,
                                  std::function<std::vector<OpenWrite>(std::vector<IdleCart> const&)> const& decide) override;
    Result<Claimed> claim_steps(Instant now, Instant lease_until, std::size_t max,
                                std::function<std::vector<StepWrite>(std::vector<DueStep> const&)> const& decide) override;
    Result<void> finish(std::vector<SendResult> const& results, Instant now) override;
    Result<std::size_t> recover_leases(Instant now, std::vector<std::string> const& idempotent_adapters) override;
    Result<std::int64_t> due_count(Instant now) override;

private:
    Database& database_;
};

using core::LeasedStep;

/// Claims due steps of living enrollments and gathers what they are decided on.
std::vector<LeasedStep> claim_due(State& state, Instant now, Instant lease_until, std::size_t max);

/// Fills shop, enrollment, sequence, cart, payment, person, history, suppressions and stock; `due` has shop.id and step.
void gather(State const& state, DueStep& due, Instant now);

}  // namespace recoup::memory
