#include "adapter/postgres/log_stop.hpp"

namespace recoup::postgres {
namespace {

constexpr Statement lock_noted{
    "log_stop_lock", "select pg_advisory_xact_lock(w.hash) from (select hash from unnest($1::bigint[]) as h(hash) order by 1) as w"};

constexpr Statement note{"log_stop_note",
                         "insert into log_stop (key_hash, end_offset) select hash, $2 from unnest($1::bigint[]) as h(hash) "
                         "on conflict do nothing"};

constexpr Statement try_lock{
    "log_stop_try_lock", "select w.hash from unnest($1::bigint[]) as w(hash) where not pg_try_advisory_xact_lock_shared(w.hash)"};

constexpr Statement find_noted{"log_stop_find",
                               "select w.hash from unnest($1::bigint[]) as w(hash), lateral ("
                               " select 1 from log_stop s where s.key_hash = w.hash limit 1) as found"};

// The lock on the position makes either this see the fold, or the fold see this.
constexpr Statement lock_position{"log_stop_lock_position",
                                  "select next_offset from tracked_position where log = $1 and partition = $2 for share"};

constexpr Statement note_place{
    "log_stop_note_place",
    "insert into log_stop (key_hash, log, partition, end_offset) select hash, $2, $3::int, $4::bigint "
    "from unnest($1::bigint[]) as h(hash) on conflict do nothing"};

constexpr Statement forget{"log_stop_forget",
                           "delete from log_stop where log <> $1 or (log = $1 and partition = $2 and end_offset <= $3)"};

std::string bigint_array(std::vector<std::int64_t> const& values) {
    std::string out = "{";
    for (auto const value : values) (out.size() > 1 ? out += ',' : out) += std::to_string(value);
    return out += '}';
}

}  // namespace

void lock_stops(pqxx::work& tx, std::vector<std::int64_t> const& stops) { exec(tx, lock_noted, bigint_array(stops)); }

void note_stops(pqxx::work& tx, std::vector<std::int64_t> const& stops, std::int64_t end_offset) {
    exec(tx, note, bigint_array(stops), end_offset);
}

std::set<std::int64_t> pending_stops(pqxx::work& tx, std::vector<std::int64_t> const& hashes) {
    std::set<std::int64_t> pending;
    for (auto const& row : exec(tx, try_lock, bigint_array(hashes))) pending.insert(row[0].as<std::int64_t>());
    // A statement of its own: it sees what was committed before the locks were ours.
    for (auto const& row : exec(tx, find_noted, bigint_array(hashes))) pending.insert(row[0].as<std::int64_t>());
    return pending;
}

void note_unfolded_stops(pqxx::work& tx, std::string const& log, NotedStops const& place) {
    auto const position = exec(tx, lock_position, log, place.partition);
    if (!position.empty() && position[0][0].as<std::int64_t>() >= place.end_offset) return;
    exec(tx, note_place, bigint_array(place.hashes), log, place.partition, place.end_offset);
}

void forget_stops(pqxx::work& tx, std::string const& log, int partition, std::int64_t offset) {
    exec(tx, forget, log, partition, offset);
}

}  // namespace recoup::postgres
