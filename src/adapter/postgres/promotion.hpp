#pragma once
// Two edges in time between the tables of steps. All planned steps due before `until` are in `lease`, the others in `step`;
// no planned one of `lease` is due before `low`, so that a claim never walks over the dead rows of what was done, however
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

/// Moves the edges on behalf of one scheduler. Thread-safe.
class Promotion {
public:
    explicit Promotion(Pool& pool) : pool_(pool) {}

    /// Before a claim at `now`: brings into `lease` what is due soon, the earliest first, and no more than is claimed meanwhile:
    /// a backlog of any size leaves that table small. The edges.
    Result<Edges> advance(Instant now);
    /// How many were claimed, which lie dead before the next, of how many that were asked for.
    void claimed(std::size_t count, std::size_t most);

private:
    void tend_partitions(Instant until);

    Pool& pool_;
    std::mutex mutex_;
    Edges edges_;
    std::size_t claimed_ = 0;
    bool hungry_ = true;   // the last claim found less than it asked for
    bool full_ = false;    // more is wanted in reach than there is room for
    std::int64_t tended_day_ = -1;
};

}  // namespace recoup::postgres
