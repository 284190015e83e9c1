#include "adapter/postgres/batches.hpp"

#include "adapter/postgres/statement.hpp"

#include <algorithm>

namespace recoup::postgres {
namespace {

constexpr Seconds between_looks{1};   // at batches that somebody left behind

// Only times are looked at, so that the next one may move soon. Should the server crash, the move is lost only with all that came after it,
// so nobody waits for the disk. Each move holds the row of the one before and deletes it: who finds it gone (the second column) was overtaken,
// has moved nothing and asks again.
constexpr Statement move_edge{
    "batch_move",
    "with t as materialized (select taken_id, at, open_from from taken order by taken_id desc limit 1 for update), "
    "waiting as materialized (select due_at from step where due_at >= (select at from t) "
    "and due_at <= to_timestamp($1::bigint / 1000.0::float8) order by due_at limit $2), "
    "leased as materialized (select due_at from lease where state = 'planned' and due_at >= (select low from edges) "
    "and due_at <= to_timestamp($1::bigint / 1000.0::float8) order by due_at limit $2), "
    "bound as materialized (select coalesce((select due_at from (select due_at from waiting union all select due_at from leased) as due "
    "order by due_at offset $2 - 1 limit 1), to_timestamp($1::bigint / 1000.0::float8)) as at), "
    "there as materialized (select exists (select from waiting where due_at <= (select at from bound)) as yes), "
    "moved as (insert into taken (taken_id, at, open_from) select t.taken_id + 1, bound.at + interval '1 millisecond', "
    "greatest(t.open_from, $3) from t, bound, there where there.yes or t.at < bound.at - interval '1 hour' returning taken_id, at), "
    "gone as (delete from taken where taken_id = (select taken_id from t) and exists (select from moved)), "
    "made as (insert into batch (batch_id, from_at, to_at) select moved.taken_id, t.at, moved.at from moved, t, there where there.yes "
    "returning batch_id, from_at, to_at) "
    "select ms_of(bound.at), not exists (select from t), made.batch_id, ms_of(made.from_at), ms_of(made.to_at), "
    "(select count(*) from waiting) = $2, set_config('synchronous_commit', 'off', true) from bound left join made on true"};

constexpr Statement find_left_behind{
    "batch_find_left_behind",
    "select coalesce((select min(batch_id) from batch where batch_id >= $1), (select max(taken_id) + 1 from taken)), "
    "free.batch_id, ms_of(free.from_at), ms_of(free.to_at) from (select) as one left join lateral (select * from batch "
    "where batch_id >= $1 and to_at <= at_ms($2) order by batch_id limit 1 for update skip locked) as free on true"};

// Steps of plans that do not count any more are left out, and go with the batch.
constexpr Statement read_steps{
    "batch_read_steps",
    "select s.shop_id, e.person_id, s.enrollment_id, s.plan, s.step, s.channel, ms_of(s.planned_at), ms_of(s.due_at) from step s, lateral "
    "(select e.person_id from enrollment e where (e.shop_id = s.shop_id) is true and e.enrollment_id = s.enrollment_id "
    "and e.plan = s.plan and e.status <> 'ended' offset 0) as e "
    "where s.due_at >= to_timestamp($1::bigint / 1000.0::float8) and s.due_at < to_timestamp($2::bigint / 1000.0::float8)"};

constexpr Statement hold_free_batch{"batch_hold",
                                    "delete from batch where ctid = any (array(select b.ctid from batch b where b.batch_id = $1 for update skip locked))"};

Batch read_batch(pqxx::transaction_base& tx, std::int64_t id, std::int64_t from, std::int64_t to) {
    Batch batch{id, {}};
    auto const rows = exec(tx, read_steps, from, to);
    batch.steps.reserve(static_cast<std::size_t>(rows.size()));
    for (auto const& row : rows) {
        auto& out = batch.steps.emplace_back();
        out.shop_id = text(row[0]);
        out.person_id = text(row[1]);
        out.step.enrollment_id = text(row[2]);
        out.step.plan = row[3].as<int>();
        out.step.step = row[4].as<int>();
        out.step.channel = channel_from(text(row[5])).value_or(Channel::email);
        out.step.planned_at = instant(row[6]);
        out.step.due_at = instant(row[7]);
    }
    return batch;
}

}  // namespace

bool hold_batch(pqxx::work& tx, Batch const& batch) { return exec(tx, hold_free_batch, batch.id).affected_rows() > 0; }

/// What one move took.
struct Batches::Move {
    Instant until{};
    std::optional<std::int64_t> batch;
    std::int64_t from = 0, to = 0;
    bool all = true;   // nothing else is due
};

Result<Takeable> Batches::take(Instant now, std::size_t most) {
    Takeable out{now, {}};
    if (most == 0) return out;
    auto left = left_behind(now);
    if (!left) return left.error();
    if (*left) return out.batches.push_back(**std::move(left)), out;   // and there may be more
    for (std::size_t steps = 0;;) {
        auto const moved = move(now, most - steps);
        if (!moved) return moved.error();
        out.until = moved->until;
        if (!moved->batch) return out;
        auto batch = run_statement(pool_, [&](pqxx::nontransaction& tx) { return read_batch(tx, *moved->batch, moved->from, moved->to); });
        if (!batch) return failed(), batch.error();   // it lies there for whoever looks next
        steps += batch->steps.size();
        out.batches.push_back(*std::move(batch));
        if (moved->all || steps > most / 4 * 3) return out;
    }
}

Result<Batches::Move> Batches::move(Instant now, std::size_t most) {
    std::lock_guard const lock(mutex_);
    for (;;) {
        auto const moved = run_statement(pool_, [&](pqxx::nontransaction& tx) { return exec(tx, move_edge, to_millis(now), most, open_from_); });
        if (!moved) return moved.error();
        auto const row = (*moved)[0];
        if (row[1].as<bool>()) continue;
        Move out;
        out.until = instant(row[0]);
        if (row[2].is_null()) return out;
        out.batch = row[2].as<std::int64_t>();
        out.from = row[3].as<std::int64_t>();
        out.to = row[4].as<std::int64_t>();
        out.all = !row[5].as<bool>();
        return out;
    }
}

void Batches::failed() {
    std::lock_guard const lock(mutex_);
    looked_at_ = {};
}

/// Asks Postgres once in `between_looks`, and each time as long as it finds one.
Result<std::optional<Batch>> Batches::left_behind(Instant now) {
    std::lock_guard const lock(mutex_);
    if (now - looked_at_ < between_looks) return std::optional<Batch>{};
    auto found = run(pool_, [&](pqxx::work& tx) -> std::optional<Batch> {
        auto const row = exec(tx, find_left_behind, open_from_, to_millis(now) + 1)[0];
        open_from_ = std::max(open_from_, row[0].as<std::int64_t>());
        if (row[1].is_null()) return std::nullopt;
        return read_batch(tx, row[1].as<std::int64_t>(), row[2].as<std::int64_t>(), row[3].as<std::int64_t>());
    });
    if (found && !*found) looked_at_ = now;
    return found;
}

}  // namespace recoup::postgres
