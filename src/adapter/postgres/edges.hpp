#pragma once
// Two edges in time that tell where planned steps lie. Who plans a step due before `until` writes it into `lease`, a later one
// goes into `step`: so below `until` nothing is added to `step`, and it can be taken from there in batches (batches.hpp). No
// planned step of `lease` is due before `low`, so that a claim never walks over the dead rows of what was done, however
// long some transaction keeps them from being vacuumed.
//
// Who writes planned steps shares the edges from the beginning of its transaction, before any lock on rows; whoever moves
// them waits until nobody does.

#include "adapter/postgres/connection.hpp"
#include "adapter/postgres/statement.hpp"

#include "recoup/domain/enrollment.hpp"

#include <mutex>

namespace recoup::postgres {

struct Edges {
    Instant low{}, until{};
};

/// Until the transaction ends, the edges stay, but for `lower_edge`.
void share_edges(pqxx::work& tx);
Edges read_edges(pqxx::transaction_base& tx);
/// A planned step of `lease` is due at `due_at`: to be called by whoever shares the edges and writes one.
void lower_edge(pqxx::work& tx, Instant due_at);

/// New steps, where they belong. A transaction that shares the edges.
void insert_steps(pqxx::work& tx, std::string const& shop_id, std::vector<PlannedStep> const& steps);

/// One transaction that may write planned steps.
template <class Body>
auto run_sharing_edges(Pool& pool, Body&& body) {
    return run(pool, [&](pqxx::work& tx) {
        share_edges(tx);
        return body(tx);
    });
}

/// Moves the edges on behalf of one scheduler, and keeps the partitions of the days. Thread-safe.
class EdgeKeeper {
public:
    explicit EdgeKeeper(Pool& pool) : pool_(pool) {}

    /// Before a claim at `now`: `until` is behind it afterwards.
    Result<void> advance(Instant now);
    /// Once a day, after due steps were taken: makes the partitions of the days to come and drops those of days that are over.
    void tend_partitions(Instant now);
    /// How many leases were claimed, which lie dead before the next.
    void claimed(std::size_t count);

private:
    Pool& pool_;
    std::mutex mutex_;
    Instant until_{};   // at least
    std::size_t claimed_ = 0;
    std::int64_t tended_day_ = -1;
};

}  // namespace recoup::postgres
