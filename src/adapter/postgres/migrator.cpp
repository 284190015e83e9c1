#include "adapter/postgres/migrator.hpp"

#include "adapter/postgres/reason_table.hpp"

#include "recoup/base/digest.hpp"

#include <map>

namespace recoup::postgres {
namespace {

constexpr char create_sql[] = R"(
    create table if not exists schema_migration (
        version    int primary key,
        name       text not null,
        checksum   text not null,
        applied_at timestamptz not null
    ))";
constexpr char exists_sql[] = "select to_regclass('schema_migration') is not null";
constexpr char list_sql[] = R"(
    select version, name, checksum, (extract(epoch from applied_at) * 1000)::bigint
    from schema_migration order by version)";
constexpr char record_sql[] = R"(
    insert into schema_migration (version, name, checksum, applied_at)
    values ($1, $2, $3, to_timestamp($4::bigint / 1000.0)))";
constexpr char lock_sql[] = "select pg_advisory_xact_lock(7305822391)";

struct Applied {
    std::string name, checksum;
    Instant at{};
};

std::string checksum(Migration const& migration) { return to_hex(sha256(migration.sql)); }

std::map<int, Applied> list_applied(pqxx::work& transaction) {
    std::map<int, Applied> applied;
    if (!transaction.exec1(exists_sql)[0].as<bool>()) return applied;
    for (auto const& row : transaction.exec(list_sql)) {
        applied[row[0].as<int>()] = Applied{row[1].as<std::string>(), row[2].as<std::string>(),
                                            instant_from_millis(row[3].as<std::int64_t>())};
    }
    return applied;
}

/// Every applied version is a known file with the same text.
Result<void> check_history(std::map<int, Applied> const& applied, std::span<Migration const> known) {
    std::map<int, Migration const*> by_version;
    for (auto const& migration : known) by_version[migration.version] = &migration;
    for (auto const& [version, row] : applied) {
        auto const found = by_version.find(version);
        if (found == by_version.end())
            return error(Errc::configuration, "the database has migration " + row.name +
                                                  ", which this recoup does not know; run a newer recoup");
        if (checksum(*found->second) != row.checksum)
            return error(Errc::configuration, "migration " + row.name +
                                                  " was applied with another text; run the recoup that belongs to this "
                                                  "database");
    }
    return {};
}

/// The next missing migration in a transaction of its own; false when nothing was missing. The lock is taken first,
/// so that of several processes one applies it and the others find it applied.
Result<bool> apply_next(Connection& connection, Instant now, std::span<Migration const> known) {
    return run(connection, [&](pqxx::work& transaction) -> Result<bool> {
        transaction.exec("set local statement_timeout = 0; set local lock_timeout = 0");
        transaction.exec(lock_sql);
        transaction.exec(create_sql);
        auto const applied = list_applied(transaction);
        if (auto checked = check_history(applied, known); !checked) return checked.error();
        for (auto const& migration : known) {
            if (applied.contains(migration.version)) continue;
            transaction.exec(std::string(migration.sql));
            transaction.exec_params(record_sql, migration.version, std::string(migration.name), checksum(migration),
                                    to_millis(now));
            return true;
        }
        return false;
    });
}

}  // namespace

Result<int> apply_migrations(Connection& connection, Instant now, std::span<Migration const> known) {
    for (int count = 0;; ++count) {
        auto const more = apply_next(connection, now, known);
        if (!more) return more.error();
        if (!*more) return count;
    }
}

Result<int> migrate_up(Connection& connection, Instant now) {
    auto const applied = apply_migrations(connection, now, all_migrations());
    if (!applied) return applied;
    if (auto written = run(connection, write_reasons); !written) return written.error();
    return applied;
}

Result<std::vector<MigrationStatus>> migrate_status(Connection& connection, std::span<Migration const> known) {
    return run(connection, [&](pqxx::work& transaction) -> Result<std::vector<MigrationStatus>> {
        auto const applied = list_applied(transaction);
        if (auto checked = check_history(applied, known); !checked) return checked.error();
        std::vector<MigrationStatus> status;
        for (auto const& migration : known) {
            auto const found = applied.find(migration.version);
            status.push_back({&migration, found == applied.end() ? never : found->second.at});
        }
        return status;
    });
}

}  // namespace recoup::postgres
