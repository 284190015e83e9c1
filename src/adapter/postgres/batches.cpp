#include "adapter/postgres/batches.hpp"

#include "adapter/postgres/statement.hpp"

#include <algorithm>

namespace recoup::postgres {
namespace {

constexpr Seconds between_looks{1};   // at batches that somebody left behind

#define BATCH_STEP_COLUMNS \
    "w.shop_id, w.person_id, w.enrollment_id, w.plan, w.step, w.channel, ms_of(w.planned_at), ms_of(w.due_at)"

// Of `step s`: those whose plan counts, and whose they are.
#define LIVING_STEPS                                                                                                       \
    "select s.shop_id, e.person_id, s.enrollment_id, s.plan, s.step, s.channel, s.planned_at, s.due_at from step s, lateral " \
    "(select e.person_id from enrollment e where e.shop_id = s.shop_id and e.enrollment_id = s.enrollment_id "               \
    "and e.plan = s.plan and e.status <> 'ended' offset 0) as e "

// Steps of plans that do not count any more are not counted, and go with the batch. Should the server crash, the move is lost only
// with all that came after it, so nobody waits for the disk. Each move holds the row of the one before and deletes it: who finds it gone
// (the second column) was overtaken, has moved nothing and asks again.
constexpr Statement take_steps{
    "batch_take",
    "with t as materialized (select taken_id, at, open_from from taken order by taken_id desc limit 1 for update), "
    "waiting as materialized (" LIVING_STEPS "where s.due_at >= (select at from t) "
    "and s.due_at <= to_timestamp($1::bigint / 1000.0::float8) order by s.due_at fetch first $2 rows with ties), "
    "leased as materialized (select due_at from lease where state = 'planned' and due_at >= (select low from edges) "
    "and due_at <= to_timestamp($1::bigint / 1000.0::float8) order by due_at limit $2), "
    "bound as materialized (select coalesce((select due_at from (select due_at from waiting union all select due_at from leased) as due "
    "order by due_at offset $2 - 1 limit 1), to_timestamp($1::bigint / 1000.0::float8)) as at), "
    "there as materialized (select exists (select from step s where s.due_at >= (select at from t) and s.due_at <= (select at from bound)) as yes), "
    "moved as (insert into taken (taken_id, at, open_from) select t.taken_id + 1, bound.at + interval '1 millisecond', "
    "greatest(t.open_from, $3) from t, bound, there where there.yes or t.at < bound.at - interval '1 hour' returning taken_id, at), "
    "gone as (delete from taken where taken_id = (select taken_id from t) and exists (select from moved)), "
    "made as (insert into batch (batch_id, from_at, to_at) select moved.taken_id, t.at, moved.at from moved, t "
    "where exists (select from waiting where due_at < moved.at) returning batch_id, to_at) "
    "select ms_of(bound.at), not exists (select from t), made.batch_id, " BATCH_STEP_COLUMNS ", "
    "set_config('synchronous_commit', 'off', true) from bound left join made on true "
    "left join waiting w on w.due_at < made.to_at"};

constexpr Statement find_left_behind{
    "batch_find_left_behind",
    "select coalesce((select min(batch_id) from batch where batch_id >= $1), (select max(taken_id) + 1 from taken)), "
    "free.batch_id, ms_of(free.from_at), ms_of(free.to_at) from (select) as one left join lateral (select * from batch "
    "where batch_id >= $1 and to_at <= at_ms($2) order by batch_id limit 1 for update skip locked) as free on true"};

constexpr Statement read_steps{"batch_read_steps",
                               "select " BATCH_STEP_COLUMNS " from (" LIVING_STEPS
                               "where s.due_at >= to_timestamp($1::bigint / 1000.0::float8) and s.due_at < to_timestamp($2::bigint / 1000.0::float8)) as w"};

constexpr Statement hold_free_batch{"batch_hold",
                                    "delete from batch where ctid = any (array(select b.ctid from batch b where b.batch_id = $1 for update skip locked))"};

/// BATCH_STEP_COLUMNS, from `first` on.
BatchStep batch_step(pqxx::row const& row, int first) {
    BatchStep out;
    out.shop_id = text(row[first]);
    out.person_id = text(row[first + 1]);
    out.step.enrollment_id = text(row[first + 2]);
    out.step.plan = row[first + 3].as<int>();
    out.step.step = row[first + 4].as<int>();
    out.step.channel = channel_from(text(row[first + 5])).value_or(Channel::email);
    out.step.planned_at = instant(row[first + 6]);
    out.step.due_at = instant(row[first + 7]);
    return out;
}

}  // namespace

bool hold_batch(pqxx::work& tx, Batch const& batch) { return exec(tx, hold_free_batch, batch.id).affected_rows() > 0; }

Result<Takeable> Batches::take(Instant now, std::size_t most) {
    if (most == 0) return Takeable{now, std::nullopt};
    std::lock_guard const lock(mutex_);
    if (now - looked_at_ >= between_looks) {
        auto found = run(pool_, [&](pqxx::work& tx) { return left_behind(tx, now); });
        if (!found) return found.error();
        if (*found) return Takeable{now, *std::move(found)};   // and there may be more
        looked_at_ = now;
    }
    for (;;) {
        auto const took = run_statement(pool_, [&](pqxx::nontransaction& tx) { return exec(tx, take_steps, to_millis(now), most, open_from_); });
        if (!took) return took.error();
        auto const first = (*took)[0];
        if (first[1].as<bool>()) continue;
        Takeable out{instant(first[0]), std::nullopt};
        if (first[2].is_null()) return out;
        out.batch.emplace().id = first[2].as<std::int64_t>();
        for (auto const& row : *took) out.batch->steps.push_back(batch_step(row, 3));
        return out;
    }
}

void Batches::failed() {
    std::lock_guard const lock(mutex_);
    looked_at_ = {};
}

std::optional<Batch> Batches::left_behind(pqxx::work& tx, Instant now) {
    auto const row = exec(tx, find_left_behind, open_from_, to_millis(now) + 1)[0];
    open_from_ = std::max(open_from_, row[0].as<std::int64_t>());
    if (row[1].is_null()) return std::nullopt;
    Batch batch{row[1].as<std::int64_t>(), {}};
    for (auto const& step : exec(tx, read_steps, row[2].as<std::int64_t>(), row[3].as<std::int64_t>())) batch.steps.push_back(batch_step(step, 0));
    return batch;
}

}  // namespace recoup::postgres
