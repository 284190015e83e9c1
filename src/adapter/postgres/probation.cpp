#include "adapter/postgres/probation.hpp"

#include "adapter/postgres/statement.hpp"

#include "recoup/base/digest.hpp"

namespace recoup::postgres {
namespace {

constexpr Millis patience{200};

// A lock that is held already is taken once more; all are let go together.
constexpr Statement hold_partition{"track_try_hold", "select pg_advisory_lock($1)"};
constexpr Statement release_all{"track_try_let_go", "select pg_advisory_unlock_all()"};

constexpr Statement begin_try{
    "track_try_begin",
    "insert into track_try as t (log, partition, first_offset, tries, tried_at) values ($1, $2, $3, 1, at_ms($5)) "
    "on conflict (log, partition) do update set tried_at = excluded.tried_at, first_offset = excluded.first_offset, "
    "tries = case when t.first_offset = excluded.first_offset then t.tries + $4 else 1 end returning tries"};

constexpr Statement forget_tries{"track_try_forget",
                                 "delete from track_try where log = $1 and partition = any($2::int[])"};

std::string int_array(std::vector<int> const& values) {
    std::string out = "{";
    for (int const value : values) (out.size() > 1 ? out += ',' : out) += std::to_string(value);
    return out += '}';
}

ConnectionOptions patient(ConnectionOptions options) {
    options.lock_timeout = patience;
    return options;
}

}  // namespace

PostgresProbation::PostgresProbation(ConnectionOptions options, Clock const& clock)
    : connection_(patient(std::move(options))), clock_(clock) {}

Result<void> PostgresProbation::hold(std::string_view log, int partition) {
    auto const key =
        static_cast<std::int64_t>(stable_hash("probation/" + std::string(log) + "/" + std::to_string(partition)));
    return run_statement(connection_, [&](pqxx::nontransaction& session) { exec(session, hold_partition, key); });
}

Result<int> PostgresProbation::begin(std::string_view log, int partition, std::int64_t first, bool excused) {
    return run_statement(connection_, [&](pqxx::nontransaction& session) -> int {
        auto const rows =
            exec(session, begin_try, std::string(log), partition, first, excused ? 0 : 1, to_millis(clock_.now()));
        return rows[0][0].as<int>();
    });
}

/// A session that cannot be asked is gone, and what it held with it.
void PostgresProbation::let_go() {
    if (!connection_.connected()) return;
    (void)run_statement(connection_, [&](pqxx::nontransaction& session) { exec(session, release_all); });
}

Result<void> PostgresProbation::clear(std::string_view log, std::vector<int> const& partitions) {
    return run_statement(connection_, [&](pqxx::nontransaction& session) {
        exec(session, forget_tries, std::string(log), int_array(partitions));
        exec(session, release_all);
    });
}

}  // namespace recoup::postgres
