#include "adapter/postgres/promotion.hpp"

#include <algorithm>
#include <set>

namespace recoup::postgres {
namespace {

constexpr std::int64_t edges_lock = 0x5EC0A5ED00000003;   // ours alone; locks of stops are hashes
constexpr std::int64_t lowering_lock = 0x5EC0A5ED00000004;
constexpr Millis ahead = std::chrono::minutes{10};        // what is in reach
constexpr std::int64_t most_in_reach = 10'000;            // planned steps in `lease`, but for those of one millisecond
constexpr std::size_t dead_rows = 1'000;                  // claimed before the lower edge follows, and others come after them
constexpr std::int64_t days_ahead = 8;

constexpr Statement lock_edges{"promotion_lock", "select pg_advisory_xact_lock($1)"};
constexpr Statement try_lock_edges{"promotion_try_lock", "select pg_try_advisory_xact_lock($1)"};
constexpr Statement share_edges_lock{"promotion_share", "select pg_advisory_xact_lock_shared($1)"};
constexpr Statement read_promotion{"promotion_read", "select ms_of(low), ms_of(until) from promotion"};
constexpr Statement lower_low{
    "promotion_lower",
    "with old as (select * from promotion), fresh as (insert into edge (low, until) "
    "select to_timestamp($1::bigint / 1000.0::float8), until from old where low > to_timestamp($1::bigint / 1000.0::float8) returning edge_id) "
    "delete from edge where edge_id = (select edge_id from old) and exists (select from fresh)"};

constexpr Statement insert_leases{
    "lease_insert",
    "insert into lease (shop_id, enrollment_id, plan, step, channel, planned_at, due_at, state) "
    "select $1, r.enrollment_id, r.plan, r.step, r.channel, at_ms(r.planned_at), at_ms(r.due_at), 'planned' "
    "from unnest($2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::bigint[], $7::bigint[]) "
    "as r(enrollment_id, plan, step, channel, planned_at, due_at) on conflict do nothing"};

constexpr Statement insert_later{
    "step_insert",
    "insert into step (shop_id, enrollment_id, plan, step, channel, planned_at, due_at) "
    "select $1, r.enrollment_id, r.plan, r.step, r.channel, at_ms(r.planned_at), at_ms(r.due_at) "
    "from unnest($2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::bigint[], $7::bigint[]) "
    "as r(enrollment_id, plan, step, channel, planned_at, due_at)"};

// Days since 1970.
constexpr Statement make_partitions{"step_partitions",
                                    "select step_partition(date '1970-01-01' + d::int) from unnest($1::bigint[]) as d"};

// What was moved or waits behind `until` takes no room.
constexpr Statement count_in_reach{
    "promotion_count_in_reach",
    "select count(*) from (select from lease where state = 'planned' and due_at >= to_timestamp($1::bigint / 1000.0::float8) "
    "and due_at < to_timestamp($2::bigint / 1000.0::float8) order by due_at limit $3) as planned"};

// Up to the n-th step from `until` on, or as far as is wanted; all that are due at the very same millisecond go together.
constexpr Statement next_edge{
    "promotion_next_edge",
    "select ms_of(due_at) from step where due_at >= to_timestamp($1::bigint / 1000.0::float8) "
    "and due_at < at_ms($2) order by due_at offset $3 limit 1"};

// Nobody else writes planned steps meanwhile: what is there already is looked for, which costs less than an insert that may meet it.
constexpr Statement promote{
    "promotion_promote",
    "insert into lease (shop_id, enrollment_id, plan, step, channel, planned_at, due_at, state) "
    "select s.shop_id, s.enrollment_id, s.plan, s.step, s.channel, s.planned_at, s.due_at, 'planned' from step s "
    "join enrollment e on e.shop_id = s.shop_id and e.enrollment_id = s.enrollment_id and e.plan = s.plan and e.status <> 'ended' "
    "where s.due_at >= to_timestamp($1::bigint / 1000.0::float8) and s.due_at < at_ms($2) and not exists (select from lease l "
    "where l.enrollment_id = s.enrollment_id and l.plan = s.plan and l.step = s.step and l.shop_id = s.shop_id offset 0)"};

constexpr Statement write_edges{
    "promotion_write",
    "with gone as (delete from edge where edge_id = (select edge_id from promotion)) "
    "insert into edge (low, until) select least(coalesce("
    "(select min(due_at) from lease where state = 'planned' and due_at >= to_timestamp($1::bigint / 1000.0::float8)), "
    "to_timestamp($2::bigint / 1000.0::float8)), to_timestamp($2::bigint / 1000.0::float8)), to_timestamp($2::bigint / 1000.0::float8) "
    "returning ms_of(low), ms_of(until)"};

constexpr Statement wait_shortly{"promotion_patience", "select set_config('lock_timeout', '100ms', true)"};
constexpr Statement drop_partitions{"step_drop", "select step_drop(at_ms($1))"};

// What people or providers may still speak of stays; the rest of what is over is told by messages and decisions.
constexpr Statement sweep{"lease_sweep",
                          "delete from lease s where s.state in ('done', 'skipped', 'void') and not exists (select 1 from message m "
                          "where m.shop_id = s.shop_id and m.enrollment_id = s.enrollment_id and m.step = s.step "
                          "and m.status = 'unknown')"};

std::int64_t day_of(Instant at) { return std::chrono::floor<std::chrono::days>(at).time_since_epoch().count(); }

std::string days_array(std::set<std::int64_t> const& days) {
    std::string out = "{";
    for (auto const day : days) out += (out.size() > 1 ? "," : "") + std::to_string(day);
    return out += '}';
}

struct Moved {
    Edges edges;
    bool full = false;   // there is more that is wanted
};

Edges edges_of(pqxx::row const& row) { return {instant(row[0]), instant(row[1])}; }

Rows step_rows() {
    constexpr auto bigint = Rows::Type::bigint;
    return {{"enrollment_id"}, {"plan", bigint}, {"step", bigint}, {"channel"}, {"planned_at", bigint}, {"due_at", bigint}};
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

/// As far as `wanted` or as there is room; says which.
Moved promote_batch(pqxx::work& tx, Instant wanted) {
    auto const edges = read_edges(tx);
    auto until = std::max(edges.until, wanted);
    bool full = false;
    if (until > edges.until) {
        auto const room = most_in_reach -
                          exec(tx, count_in_reach, to_millis(edges.low), to_millis(edges.until), most_in_reach)[0][0].as<std::int64_t>();
        auto const last = exec(tx, next_edge, to_millis(edges.until), to_millis(until), room);
        full = !last.empty();
        if (full) until = room > 0 ? std::max(instant(last[0][0]), edges.until + Millis{1}) : edges.until;
        if (until > edges.until) exec(tx, promote, to_millis(edges.until), to_millis(until));
    }
    return {edges_of(exec(tx, write_edges, to_millis(edges.low), to_millis(until))[0]), full};
}

}  // namespace

void share_edges(pqxx::work& tx) { exec(tx, share_edges_lock, edges_lock); }

Edges read_edges(pqxx::transaction_base& tx) { return edges_of(exec(tx, read_promotion)[0]); }

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

/// Steps follow those that were claimed. When nothing is left to claim below `until`, they come at once.
Result<Edges> Promotion::advance(Instant now) {
    std::lock_guard const lock(mutex_);
    bool const starved = edges_.until <= now && hungry_, followed = claimed_ >= dead_rows;
    bool const wanted = edges_.until < now + ahead / 2 && (!full_ || starved || followed);
    if (!wanted && !followed) return edges_;
    auto const moved = run(pool_, [&](pqxx::work& tx) -> std::optional<Moved> {
        if (starved) exec(tx, lock_edges, edges_lock);
        else if (!exec(tx, try_lock_edges, edges_lock)[0][0].as<bool>()) return std::nullopt;   // the next claim tries again
        return promote_batch(tx, wanted ? now + ahead : edges_.until);
    });
    if (!moved) return moved.error();
    if (*moved) {
        edges_ = (*moved)->edges;
        full_ = wanted ? (*moved)->full : full_;
        claimed_ = 0;
        tend_partitions(edges_.until);
    }
    return edges_;
}

void Promotion::claimed(std::size_t count, std::size_t most) {
    std::lock_guard const lock(mutex_);
    claimed_ += count;
    hungry_ = count < most;
}

/// Once a day, and at the start. Who waits for a lock on the table makes everybody else wait: the next promotion tries again.
void Promotion::tend_partitions(Instant until) {
    auto const today = day_of(until);
    if (tended_day_ == today) return;
    std::set<std::int64_t> days;
    for (std::int64_t ahead_of = 0; ahead_of <= days_ahead; ++ahead_of) days.insert(today + ahead_of);
    auto const made = run(pool_, [&](pqxx::work& tx) { exec(tx, make_partitions, days_array(days)); });
    auto const dropped = run(pool_, [&](pqxx::work& tx) {
        exec(tx, wait_shortly);
        exec(tx, drop_partitions, to_millis(until));
        exec(tx, sweep);
    });
    if (made && dropped) tended_day_ = today;
}

}  // namespace recoup::postgres
