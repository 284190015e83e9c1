// Pauses: what is not sent until it is resumed.
#include "adapter/postgres/outbox_store.hpp"
#include "adapter/postgres/edges.hpp"
#include "adapter/postgres/send_row.hpp"
#include "core/send/resolve.hpp"

namespace recoup::postgres {
namespace {

constexpr std::int64_t pause_lock = 0x5EC0A5ED00000002;   // ours alone; locks of stops are hashes

constexpr Statement lock_pauses{"pause_lock", "select pg_advisory_xact_lock($1)"};
constexpr Statement share_lock{"pause_share", "select pg_advisory_xact_lock_shared($1)"};
constexpr Statement list_pauses{"pause_list",
                                "select shop_id, channel, sequence, ms_of(since), note from pause order by shop_id, channel, sequence"};
constexpr Statement insert_pause{"pause_insert",
                                 "insert into pause (shop_id, channel, sequence, since, note) values ($1, $2, $3, at_ms($4), $5) "
                                 "on conflict (shop_id, channel, sequence) do update set note = excluded.note"};
constexpr Statement delete_pause{"pause_delete", "delete from pause where shop_id = $1 and channel = $2 and sequence = $3"};

constexpr Statement lock_paused_steps{
    "pause_lock_steps",
    "select " SEND_STATE_COLUMNS " from lease s join enrollment e on e.shop_id = s.shop_id and e.enrollment_id = s.enrollment_id "
    "left join message m on m.shop_id = s.shop_id and m.enrollment_id = s.enrollment_id and m.step = s.step "
    "where s.wait = 'paused' and s.state = 'planned' and ($1 = '' or s.shop_id = $1) and ($2 = '' or s.channel = $2) "
    "and ($3 = '' or e.sequence = $3) order by s.shop_id, s.enrollment_id, s.plan, s.step for update of s"};

constexpr Statement list_sales{"sale_list", "select shop_id, ms_of(since), note from sale where until is null order by shop_id"};
constexpr Statement insert_sale{"sale_begin",
                                "insert into sale (shop_id, since, note) values ($1, at_ms($2), $3) "
                                "on conflict (shop_id) where until is null do update set note = excluded.note"};
constexpr Statement close_sale{"sale_end", "update sale set until = at_ms($2) where shop_id = $1 and until is null"};

std::string channel_text(Pause const& pause) { return pause.channel ? std::string(name(*pause.channel)) : std::string{}; }

std::vector<Pause> read_pauses(pqxx::work& tx) {
    std::vector<Pause> all;
    for (auto const& row : exec(tx, list_pauses)) {
        Pause pause;
        pause.shop_id = text(row[0]);
        pause.channel = channel_from(text(row[1]));
        pause.sequence = text(row[2]);
        pause.since = instant(row[3]);
        pause.note = text(row[4]);
        all.push_back(std::move(pause));
    }
    return all;
}

}  // namespace

Result<std::vector<Pause>> PostgresOutboxStore::pauses() {
    return run(pool_, [&](pqxx::work& tx) { return read_pauses(tx); });
}

Result<void> PostgresOutboxStore::pause(Pause const& pause) {
    return run(pool_, [&](pqxx::work& tx) {
        exec(tx, lock_pauses, pause_lock);
        exec(tx, insert_pause, pause.shop_id, channel_text(pause), pause.sequence, to_millis(pause.since), pause.note);
    });
}

Result<std::size_t> PostgresOutboxStore::resume(Pause const& scope, Instant now, Millis spread) {
    return run_sharing_edges(pool_, [&](pqxx::work& tx) -> Result<std::size_t> {
        auto const channel = channel_text(scope);
        exec(tx, lock_pauses, pause_lock);
        if (exec(tx, delete_pause, scope.shop_id, channel, scope.sequence).affected_rows() == 0)
            return error(Errc::not_found, "there is no pause of " + scope_text(scope));
        std::vector<SendRow> rows;
        for (auto const& row : exec(tx, lock_paused_steps, scope.shop_id, channel, scope.sequence)) {
            auto step = send_row(row);
            step.wait = StepWait::resumed;
            step.state.due_at = core::resumed_at(step.state.due_at, now, spread, step.enrollment_id, step.step);
            rows.push_back(std::move(step));
        }
        save_steps(tx, rows);
        return rows.size();
    });
}

Result<std::vector<Sale>> PostgresOutboxStore::sales() {
    return run(pool_, [&](pqxx::work& tx) {
        std::vector<Sale> open;
        for (auto const& row : exec(tx, list_sales)) open.push_back(Sale{text(row[0]), instant(row[1]), never, text(row[2])});
        return open;
    });
}

Result<void> PostgresOutboxStore::begin_sale(Sale const& sale) {
    return run(pool_, [&](pqxx::work& tx) {
        exec(tx, lock_pauses, pause_lock);
        exec(tx, insert_sale, sale.shop_id, to_millis(sale.since), sale.note);
    });
}

Result<void> PostgresOutboxStore::end_sale(std::string const& shop_id, Instant now) {
    return run(pool_, [&](pqxx::work& tx) -> Result<void> {
        if (exec(tx, close_sale, shop_id, to_millis(now)).affected_rows() > 0) return {};
        return error(Errc::not_found, "there is no pause of incentives for this scope");
    });
}

void share_pauses(pqxx::work& tx) { exec(tx, share_lock, pause_lock); }

void add_pauses(pqxx::work& tx, std::vector<DueStep*> const& due) {
    if (due.empty()) return;
    auto const all = read_pauses(tx);   // a statement of its own: it sees what was committed before the lock was ours
    for (auto* step : due)
        for (auto const& pause : all)
            if (!step->paused && pause.covers(step->shop->id, step->step.channel, step->enrollment.sequence)) step->paused = pause;
}

}  // namespace recoup::postgres
