#pragma once
// The schema: numbered files in migrations/, compiled in, applied in order, each in one transaction.

#include "adapter/postgres/connection.hpp"

#include <span>
#include <string_view>

namespace recoup::postgres {

struct Migration {
    int version = 0;                 // "0001_state.sql" is 1
    std::string_view name;           // "0001_state"
    std::string_view sql;
};

/// The files of migrations/ in order (generated at build time).
std::span<Migration const> all_migrations();

struct MigrationStatus {
    Migration const* migration = nullptr;
    Instant applied_at{};            // never = not applied yet
};

/// Applies what is missing and answers how many. Safe to run from several processes at once (advisory lock) and any
/// number of times. Errc::configuration when the schema is newer than this program or a file that was applied has
/// changed since; nothing is changed then.
Result<int> apply_migrations(Connection& connection, Instant now, std::span<Migration const> known);

/// All of them, and the tables that say what this program knows (reason_table).
Result<int> migrate_up(Connection& connection, Instant now);

Result<std::vector<MigrationStatus>> migrate_status(Connection& connection,
                                                    std::span<Migration const> known = all_migrations());

}  // namespace recoup::postgres
