#pragma once
// ScheduleStore on Postgres. A claim waits for no row: it takes the steps that are due first and are free, locks those of
// their persons that are free, and what is left comes back with the next claim. Everybody else takes locks in one order:
// the edges, person, cart, enrollment, steps.

#include "adapter/postgres/batches.hpp"
#include "adapter/postgres/edges.hpp"
#include "adapter/postgres/send_row.hpp"
#include "core/plan/claim.hpp"

#include "recoup/port/schedule_store.hpp"

#include <mutex>

namespace recoup::postgres {

/// Up to where claims have ended: rows below are dead, and as long as some transaction keeps them, nobody walks over them. A claim that
/// committed later than it ended lies below; it is found once a minute. Thread-safe.
class EndedClaims {
public:
    /// From where to look at `now`.
    Instant from(Instant now);
    /// Those that ended by `at` were taken.
    void taken(Instant at);
    Instant taken_to() const;

private:
    mutable std::mutex mutex_;
    Instant taken_to_{}, looked_at_all_{};
};

class PostgresScheduleStore final : public ScheduleStore {
public:
    explicit PostgresScheduleStore(Pool& pool) : pool_(pool), edges_(pool), batches_(pool) {}

    Result<std::optional<Instant>> next_due() override;
    Result<std::size_t> open_idle(
        Instant now, OpenSize const& size,
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
    Pool& pool_;
    EdgeKeeper edges_;
    Batches batches_;
    EndedClaims ended_claims_;
};

using core::LeasedStep;

struct ClaimedSteps {
    std::vector<LeasedStep> steps;
    std::size_t released = 0;   // due, but something about their person is durable and not folded yet
    std::size_t leases = 0;     // that were taken
};

/// Of the leases of a claim, those that are kept: without it nobody would find them when they end.
void note_claim(pqxx::work& tx, Instant lease_until, std::vector<SendRow> const& sent);
/// Takes steps under their persons' locks and gathers the truth; what needs no decision is settled already.
ClaimedSteps claim_due(pqxx::work& tx, Takeable const& takeable, Instant now, Instant lease_until, ClaimSize const& size);
SendRow row_of(LeasedStep const& leased);

}  // namespace recoup::postgres
