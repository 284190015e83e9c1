#pragma once
// Stops on the log (core/plan/stops.hpp): noted by the writer, looked for by a claim, forgotten by the tracker.
//
// An append takes the advisory lock of each of its stops until it has committed; a claim shares those of its persons until
// it has committed. So a stop is either durable before the claim looks, and then the claim leaves that person alone until
// it is folded, or it becomes durable, and is answered 2xx, after the claim.

#include "adapter/postgres/statement.hpp"

#include "recoup/port/event_log.hpp"

#include <cstdint>
#include <set>
#include <vector>

namespace recoup::postgres {

/// Sorted; waits for claims that hold one.
void lock_stops(pqxx::work& tx, std::vector<std::int64_t> const& stops);

/// In the transaction of the append, behind its batch.
void note_stops(pqxx::work& tx, std::vector<std::int64_t> const& stops, std::int64_t end_offset);

/// Those of `hashes` under which something is durable and not folded, or about to be durable. Shares the locks of the others.
std::set<std::int64_t> pending_stops(pqxx::work& tx, std::vector<std::int64_t> const& hashes);

/// Of another log, unless they are folded already. Waits for a fold of that partition that is about to commit.
void note_unfolded_stops(pqxx::work& tx, std::string const& log, NotedStops const& place);

/// With the fold of everything before `offset` of this partition; those of a log that is no more in use go, too.
void forget_stops(pqxx::work& tx, std::string const& log, int partition, std::int64_t offset);

}  // namespace recoup::postgres
