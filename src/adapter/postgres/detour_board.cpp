#include "adapter/postgres/detour_board.hpp"

#include "adapter/postgres/statement.hpp"

namespace recoup::postgres {
namespace {

constexpr std::int64_t lock_key = 0x5EC0A5ED00000001;   // ours alone; locks of stops are hashes

constexpr Statement lock_board{"detour_lock", "select pg_advisory_xact_lock($1)"};
constexpr Statement share_board{"detour_share", "select pg_try_advisory_xact_lock_shared($1)"};
constexpr Statement insert_detour{"detour_insert",
                                  "insert into log_detour (instance, raised_at) values ($1, at_ms($2)) on conflict do nothing"};
constexpr Statement delete_detour{"detour_delete", "delete from log_detour where instance = $1"};
constexpr Statement list_detours{"detour_list", "select instance from log_detour order by raised_at"};
constexpr Statement any_detour{"detour_any", "select exists (select from log_detour)"};

}  // namespace

/// A session may have died with a restart of the server, so a lost one is tried once more at once.
Result<void> PostgresDetourBoard::raise(std::string_view instance, Instant since) {
    std::string const name(instance);
    auto const insert = [&](pqxx::work& tx) {
        exec(tx, lock_board, lock_key);
        exec(tx, insert_detour, name, to_millis(since));
    };
    if (auto raised = run(pool_, insert)) return raised;
    return run(pool_, insert);
}

Result<void> PostgresDetourBoard::lower(std::string_view instance) {
    std::string const name(instance);
    auto const remove = [&](pqxx::work& tx) { exec(tx, delete_detour, name); };
    if (auto lowered = run(pool_, remove)) return lowered;
    return run(pool_, remove);
}

Result<std::vector<std::string>> PostgresDetourBoard::raised() {
    return run(pool_, [&](pqxx::work& tx) {
        std::vector<std::string> instances;
        for (auto const& row : exec(tx, list_detours)) instances.push_back(text(row[0]));
        return instances;
    });
}

bool detour_raised(pqxx::work& tx) {
    if (!exec(tx, share_board, lock_key)[0][0].as<bool>()) return true;
    // A statement of its own: it sees what was committed before the lock was ours.
    return exec(tx, any_detour)[0][0].as<bool>();
}

}  // namespace recoup::postgres
