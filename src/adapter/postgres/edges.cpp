#include "adapter/postgres/edges.hpp"

#include <algorithm>
#include <set>

namespace recoup::postgres {
namespace {

constexpr std::int64_t edges_lock = 0x5EC0A5ED00000003;   // ours alone; locks of stops are hashes
constexpr std::int64_t lowering_lock = 0x5EC0A5ED00000004;
constexpr Millis ahead = std::chrono::minutes{1};         // what is planned to be due so soon goes to `lease`
constexpr std::size_t dead_rows = 1'000;                  // claimed before the lower edge follows
constexpr std::int64_t days_ahead = 8;

constexpr Statement lock_edges{"edges_lock", "select pg_advisory_xact_lock($1)"};
constexpr Statement try_lock_edges{"edges_try_lock", "select pg_try_advisory_xact_lock($1)"};
constexpr Statement share_edges_lock{"edges_share", "select pg_advisory_xact_lock_shared($1)"};
constexpr Statement read_both{"edges_read", "select ms_of(low), ms_of(until) from edges"};
constexpr Statement lower_low{
    "edges_lower",
    "with old as (select * from edge order by edge_id desc limit 1), fresh as (insert into edge (low, until) "
    "select to_timestamp($1::bigint / 1000.0::float8), until from old where low > to_timestamp($1::bigint / 1000.0::float8) returning edge_id) "
    "delete from edge where edge_id = (select edge_id from old) and exists (select from fresh)"};

constexpr Statement insert_leases{
    "edges_insert_leases",
    "insert into lease (shop_id, enrollment_id, plan, step, channel, planned_at, due_at, state) "
    "select $1, r.enrollment_id, r.plan, r.step, r.channel, at_ms(r.planned_at), at_ms(r.due_at), 'planned' "
    "from unnest($2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::bigint[], $7::bigint[]) "
    "as r(enrollment_id, plan, step, channel, planned_at, due_at) on conflict do nothing"};

constexpr Statement insert_later{
    "edges_insert_steps",
    "insert into step (shop_id, enrollment_id, plan, step, channel, planned_at, due_at) "
    "select $1, r.enrollment_id, r.plan, r.step, r.channel, at_ms(r.planned_at), at_ms(r.due_at) "
    "from unnest($2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::bigint[], $7::bigint[]) "
    "as r(enrollment_id, plan, step, channel, planned_at, due_at)"};

// Days since 1970.
constexpr Statement make_partitions{"edges_make_partitions",
                                    "select step_partition(date '1970-01-01' + d::int) from unnest($1::bigint[]) as d"};

constexpr Statement write_edges{
    "edges_write",
    "with gone as (delete from edge where edge_id = (select max(edge_id) from edge)) "
    "insert into edge (low, until) select least(coalesce("
    "(select min(due_at) from lease where state = 'planned' and due_at >= to_timestamp($1::bigint / 1000.0::float8)), "
    "to_timestamp($2::bigint / 1000.0::float8)), to_timestamp($2::bigint / 1000.0::float8)), to_timestamp($2::bigint / 1000.0::float8) "
    "returning ms_of(low), ms_of(until)"};

constexpr Statement wait_shortly{"edges_patience", "select set_config('lock_timeout', '100ms', true)"};
constexpr Statement drop_partitions{
    "edges_drop_partitions",
    "select step_drop(least(taken, (select min(from_at) from batch where batch_id >= open_from))) from edges"};

// What people or providers may still speak of stays; the rest of what is over is told by messages and decisions.
constexpr Statement sweep{"edges_sweep_leases",
                          "delete from lease s where s.state in ('done', 'skipped', 'void') and not exists (select 1 from message m "
                          "where m.shop_id = s.shop_id and m.enrollment_id = s.enrollment_id and m.step = s.step "
                          "and m.status = 'unknown')"};

std::int64_t day_of(Instant at) { return std::chrono::floor<std::chrono::days>(at).time_since_epoch().count(); }

std::string days_array(std::set<std::int64_t> const& days) {
    std::string out = "{";
    for (auto const day : days) out += (out.size() > 1 ? "," : "") + std::to_string(day);
    return out += '}';
}

Edges edges_of(pqxx::row const& row) { return {instant(row[0]), instant(row[1])}; }

Rows step_rows() {
    constexpr auto number = Rows::Type::bigint;
    return {{"enrollment_id"}, {"plan", number}, {"step", number}, {"channel"}, {"planned_at", number}, {"due_at", number}};
}

void add_row(Rows& rows, PlannedStep const& step) {
    rows.row()
        .put("enrollment_id", step.enrollment_id)
        .put("plan", step.plan)
        .put("step", step.step)
        .put("channel", name(step.channel))
        .put("planned_at", to_millis(step.planned_at))
        .put("due_at", to_millis(step.due_at));
}

}  // namespace

void share_edges(pqxx::work& tx) { exec(tx, share_edges_lock, edges_lock); }

Edges read_edges(pqxx::transaction_base& tx) { return edges_of(exec(tx, read_both)[0]); }

/// One at a time, each seeing what the other did.
void lower_edge(pqxx::work& tx, Instant due_at) {
    if (due_at >= read_edges(tx).low) return;
    exec(tx, lock_edges, lowering_lock);
    exec(tx, lower_low, to_millis(due_at));
}

void insert_steps(pqxx::work& tx, std::string const& shop_id, std::vector<PlannedStep> const& steps) {
    if (steps.empty()) return;
    auto const edges = read_edges(tx);
    auto soon = step_rows(), later = step_rows();
    auto first = edges.low;
    std::set<std::int64_t> days;
    for (auto const& step : steps) {
        if (step.due_at < edges.until) {
            first = std::min(first, step.due_at);
            add_row(soon, step);
        } else {
            days.insert(day_of(step.due_at));
            add_row(later, step);
        }
    }
    if (!soon.empty()) exec_rows(tx, insert_leases, {shop_id}, soon);
    if (first < edges.low) lower_edge(tx, first);
    if (later.empty()) return;
    exec(tx, make_partitions, days_array(days));
    exec_rows(tx, insert_later, {shop_id}, later);
}

/// Twice as far as it has to be, and before that only when nobody has to wait.
Result<void> EdgeKeeper::advance(Instant now) {
    std::lock_guard const lock(mutex_);
    if (until_ <= now) {   // unless another instance was there before
        auto const read = run_statement(pool_, [](pqxx::nontransaction& tx) { return read_edges(tx); });
        if (!read) return read.error();
        until_ = read->until;
    }
    bool const needed = until_ <= now;
    if (until_ >= now + ahead / 2 && claimed_ < dead_rows) return {};
    auto const moved = run(pool_, [&](pqxx::work& tx) -> std::optional<Edges> {
        if (needed) exec(tx, lock_edges, edges_lock);
        else if (!exec(tx, try_lock_edges, edges_lock)[0][0].as<bool>()) return std::nullopt;   // the next claim tries again
        auto const edges = read_edges(tx);
        return edges_of(exec(tx, write_edges, to_millis(edges.low), to_millis(std::max(edges.until, now + ahead)))[0]);
    });
    if (!moved) return moved.error();
    if (!*moved) return {};
    until_ = (*moved)->until;
    claimed_ = 0;
    return {};
}

void EdgeKeeper::claimed(std::size_t count) {
    std::lock_guard const lock(mutex_);
    claimed_ += count;
}

/// Who waits for a lock on the table makes everybody else wait: the next claim tries again.
void EdgeKeeper::tend_partitions(Instant now) {
    std::lock_guard const lock(mutex_);
    auto const today = day_of(now);
    if (tended_day_ == today) return;
    std::set<std::int64_t> days;
    for (std::int64_t ahead_of = 0; ahead_of <= days_ahead; ++ahead_of) days.insert(today + ahead_of);
    auto const made = run(pool_, [&](pqxx::work& tx) { exec(tx, make_partitions, days_array(days)); });
    auto const dropped = run(pool_, [&](pqxx::work& tx) {
        exec(tx, wait_shortly);
        exec(tx, drop_partitions);
        exec(tx, sweep);
    });
    if (made && dropped) tended_day_ = today;
}

}  // namespace recoup::postgres
