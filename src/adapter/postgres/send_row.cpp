#include "adapter/postgres/send_row.hpp"

#include "adapter/postgres/batches.hpp"
#include "adapter/postgres/edges.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace recoup::postgres {
namespace {

// Rows that this transaction holds stay in their place. They are looked for one by one: `lease` comes and goes, and whoever counted it
// when it was empty joins it by reading all of it for each row.
constexpr Statement save_step_rows{
    "send_save_steps",
    "update lease s set state = r.state, due_at = at_ms(r.due_at), lease_token = r.lease_token, "
    "lease_until = at_ms(r.lease_until), attempt = r.attempt, wait = r.wait "
    "from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[], "
    "$9::bigint[], $10::text[], $11::text[], $12::bigint[]) as r(shop_id, enrollment_id, plan, step, state, due_at, lease_token, "
    "lease_until, attempt, wait, channel, planned_at), lateral (select l.ctid as place from lease l where (l.shop_id = r.shop_id) is true and l.enrollment_id = r.enrollment_id "
    "and l.plan = r.plan and l.step = r.step offset 0) as held where s.ctid = held.place"};

// Their steps lie in `step` and were never written to `lease`.
constexpr Statement insert_step_rows{
    "send_insert_steps",
    "insert into lease (shop_id, enrollment_id, plan, step, state, due_at, lease_token, lease_until, attempt, wait, channel, planned_at) "
    "select r.shop_id, r.enrollment_id, r.plan, r.step, r.state, at_ms(r.due_at), r.lease_token, at_ms(r.lease_until), r.attempt, r.wait, "
    "r.channel, at_ms(r.planned_at) from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::bigint[], $7::bigint[], "
    "$8::bigint[], $9::bigint[], $10::text[], $11::text[], $12::bigint[]) as r(shop_id, enrollment_id, plan, step, state, due_at, "
    "lease_token, lease_until, attempt, wait, channel, planned_at)"};

constexpr Statement delete_over{
    "send_delete_over",
    "delete from lease where ctid = any (array(select held.ctid from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) "
    "as r(shop_id, enrollment_id, plan, step), lateral (select l.ctid from lease l where (l.shop_id = r.shop_id) is true "
    "and l.enrollment_id = r.enrollment_id and l.plan = r.plan and l.step = r.step offset 0) as held))"};

constexpr Statement save_message_status{
    "send_save_status",
    "update message set status = $3, reason = $4, sent_at = case when $3 = 'sent' then coalesce(attempted_at, at_ms($5)) else sent_at end "
    "where shop_id = $1 and message_id = $2"};

// Two that end steps of one enrollment at the same time would each see the other's as not over yet: one waits here, and its next
// statement sees what the other wrote. Most have steps that nobody takes yet and are not touched. "Not ended" is "active" in words by which
// nobody plans to go through the index of a shop's active ones.
constexpr Statement lock_completable{
    "send_lock_completable",
    "select found.enrollment_id from (select id from unnest($2::text[]) as w(id) order by id) as w, lateral (select e.enrollment_id "
    "from enrollment e where (e.shop_id = $1) is true and e.enrollment_id = w.id and e.status <> 'ended' "
    "and (e.last_due_at is null or e.last_due_at < (select until from edges)) for update) as found"};

constexpr Statement complete_without_steps{
    "send_complete",
    "update enrollment e set status = 'ended', end_reason = 'completed', ended_at = at_ms($3) "
    "where (e.shop_id = $1) is true and e.enrollment_id = any($2::text[]) and e.status <> 'ended' and not exists ("
    "select 1 from lease s where (s.shop_id = e.shop_id) is true and s.enrollment_id = e.enrollment_id and s.plan = e.plan "
    "and s.state in ('planned', 'sending') offset 0) and not exists (select from edges g, unnest(e.due_ms) as planned(ms), "
    "lateral (select s.due_at from step s where s.due_at = at_ms(planned.ms) and s.shop_id = e.shop_id "
    "and s.enrollment_id = e.enrollment_id and s.plan = e.plan offset 0) as s where " STEP_IS_OPEN ")"};

Rows saved_rows() {
    constexpr auto number = Rows::Type::bigint;
    return {{"shop_id"}, {"enrollment_id"}, {"plan", number}, {"step", number}, {"state"}, {"due_at", number},
            {"lease_token", number}, {"lease_until", number}, {"attempt", number}, {"wait"}, {"channel"}, {"planned_at", number}};
}

void add_row(Rows& rows, SendRow const& row) {
    rows.row()
        .put("shop_id", row.shop_id)
        .put("enrollment_id", row.enrollment_id)
        .put("plan", row.plan)
        .put("step", row.step)
        .put("state", name(row.state.step))
        .put("due_at", to_millis(row.state.due_at))
        .put("lease_token", row.state.lease_token)
        .put("lease_until", to_millis(row.state.lease_until))
        .put("attempt", row.state.attempt)
        .put("wait", name(row.wait))
        .put("channel", name(row.channel))
        .put("planned_at", to_millis(row.planned_at));
}

/// Nothing will be done with it, and nobody can say more of it than its message and decisions do.
bool is_over(core::SendState const& state) {
    return state.step != StepState::planned && state.step != StepState::sending && state.message != MessageStatus::unknown;
}

}  // namespace

SendRow send_row(pqxx::row const& row) {
    SendRow out;
    out.shop_id = text(row[0]);
    out.enrollment_id = text(row[1]);
    out.plan = row[2].as<int>();
    out.step = row[3].as<int>();
    out.state.step = step_state_from(text(row[4])).value_or(StepState::dropped);
    out.state.due_at = instant(row[5]);
    out.state.lease_token = row[6].as<std::int64_t>();
    out.state.lease_until = instant(row[7]);
    out.state.attempt = row[8].as<int>();
    if (!row[9].is_null()) out.state.message = message_status_from(text(row[9])).value_or(MessageStatus::unknown);
    out.state.came_back = row[10].as<bool>();
    out.message_id = text(row[11]);
    out.wait = step_wait_from(text(row[12])).value_or(StepWait::none);
    out.planned_at = instant(row[13]);
    return out;
}

void save_steps(pqxx::work& tx, std::vector<SendRow> const& rows) {
    constexpr auto number = Rows::Type::bigint;
    Rows over{{"shop_id"}, {"enrollment_id"}, {"plan", number}, {"step", number}};
    auto held = saved_rows(), fresh = saved_rows();
    std::optional<Instant> first_planned;
    for (auto const& row : rows) {
        if (is_over(row.state)) {
            if (row.in_lease) over.row().put("shop_id", row.shop_id).put("enrollment_id", row.enrollment_id).put("plan", row.plan).put("step", row.step);
            continue;
        }
        if (row.state.step == StepState::planned) first_planned = std::min(first_planned.value_or(row.state.due_at), row.state.due_at);
        add_row(row.in_lease ? held : fresh, row);
    }
    if (!held.empty()) exec_rows(tx, save_step_rows, {}, held);
    if (!fresh.empty()) exec_rows(tx, insert_step_rows, {}, fresh);
    if (!over.empty()) exec_rows(tx, delete_over, {}, over);
    if (first_planned) lower_edge(tx, *first_planned);
}

void save_status(pqxx::work& tx, SendRow const& row, Reason reason, Instant now) {
    if (!row.state.message) return;
    exec(tx, save_message_status, row.shop_id, row.message_id, std::string(name(*row.state.message)), std::string(name(reason)),
         to_millis(now));
}

void complete_enrollments(pqxx::work& tx, std::vector<SendRow> const& rows, Instant now) {
    std::map<std::string, std::set<std::string>> by_shop;
    for (auto const& row : rows)
        if (!row.goes_on) by_shop[row.shop_id].insert(row.enrollment_id);
    for (auto const& [shop_id, enrollments] : by_shop) {
        std::vector<std::string> held;
        for (auto const& row : exec(tx, lock_completable, shop_id, text_array(enrollments))) held.push_back(text(row[0]));
        if (!held.empty()) exec(tx, complete_without_steps, shop_id, text_array(held), to_millis(now));
    }
}

}  // namespace recoup::postgres
