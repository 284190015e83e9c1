#include "adapter/postgres/health.hpp"

#include "adapter/postgres/statement.hpp"

namespace recoup::postgres {
namespace {

constexpr Statement read_server_time{"health_time", "select ms_of(clock_timestamp())"};

// A snapshot of its own statement is the youngest one.
constexpr Statement read_health{
    "health_read",
    "select coalesce((select max(age(backend_xmin)) from pg_stat_activity where backend_xmin is not null), 0), "
    "coalesce((select n_dead_tup from pg_stat_user_tables where relid = 'lease'::regclass), 0), "
    "coalesce((select idx_tup_read from pg_stat_user_indexes where indexrelid = 'lease_planned'::regclass), 0)"};

constexpr Statement analyze{"health_analyze", "select analyze_grown()"};

}  // namespace

Result<Instant> server_time(Pool& pool) {
    return run(pool, [](pqxx::work& tx) { return instant(exec(tx, read_server_time)[0][0]); });
}

Result<Health> health(Pool& pool) {
    return run(pool, [](pqxx::work& tx) {
        auto const row = exec(tx, read_health)[0];
        return Health{row[0].as<std::int64_t>(), row[1].as<std::int64_t>(), row[2].as<std::int64_t>()};
    });
}

Result<int> analyze_grown(Pool& pool) {
    return run(pool, [](pqxx::work& tx) { return exec(tx, analyze)[0][0].as<int>(); });
}

}  // namespace recoup::postgres
