#pragma once
// What an operator must know of the database itself: its time, and what keeps it from cleaning up.

#include "adapter/postgres/connection.hpp"

#include <cstdint>

namespace recoup::postgres {

/// The server's clock: one for all instances.
Result<Instant> server_time(Pool& pool);

struct Health {
    std::int64_t oldest_xmin_age = 0;    // transactions since the oldest snapshot that somebody still needs
    std::int64_t lease_dead_rows = 0;    // of table lease, not vacuumed yet
    std::int64_t lease_scanned_rows = 0; // entries that claims read of the index of due times, since the statistics were reset
};
Result<Health> health(Pool& pool);

/// Statistics of tables that grew to several times what the planner knows of. Returns how many there were.
Result<int> analyze_grown(Pool& pool);

}  // namespace recoup::postgres
