#pragma once
// Due steps are taken out of `step` in batches, where they lie: an edge in time, `taken`, is moved ahead in a short statement of its
// own, and what lay before it is a batch, a row until its steps are decided. Whoever holds that row decides, and deletes it in the
// transaction that writes what was decided: so a step that is skipped is neither copied, updated nor deleted, and a batch whose
// claim failed or whose process died is still there, whole, for whoever finds it.

#include "adapter/postgres/connection.hpp"

#include "recoup/domain/enrollment.hpp"

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace recoup::postgres {

/// Of `step s`, beside `edges g`: nobody took it, or its batch is not decided yet.
#define STEP_IS_OPEN                                                                                  \
    "(s.due_at >= g.taken or exists (select from batch b where b.batch_id >= g.open_from "            \
    "and s.due_at >= b.from_at and s.due_at < b.to_at))"

struct BatchStep {
    std::string shop_id, person_id;   // the person as the enrollment had it
    PlannedStep step;
};

/// Steps that were taken together. Those whose plan did not count any more are left out.
struct Batch {
    std::int64_t id = 0;
    std::vector<BatchStep> steps;
};

/// What a claim may take: `batches`, and leases that are due by `until`.
struct Takeable {
    Instant until{};
    std::vector<Batch> batches;
};

/// False when somebody else has it. What is held is over when the transaction commits.
bool hold_batch(pqxx::work& tx, Batch const& batch);

/// Takes batches on behalf of one scheduler. Thread-safe.
class Batches {
public:
    explicit Batches(Pool& pool) : pool_(pool) {}

    /// The earliest of what is due at `now`: with the leases about `most` steps, those that are due at the same millisecond as the last
    /// besides, and fewer when most were cancelled. `until` of the edges is behind `now`.
    Result<Takeable> take(Instant now, std::size_t most);
    /// The claim was rolled back; its batch is looked for at once.
    void failed();

private:
    struct Move;

    Result<Move> move(Instant now, std::size_t most);
    Result<std::optional<Batch>> left_behind(Instant now);

    Pool& pool_;
    std::mutex mutex_;
    Instant looked_at_{};
    std::int64_t open_from_ = 0;   // no batch with a smaller id is open
};

}  // namespace recoup::postgres
