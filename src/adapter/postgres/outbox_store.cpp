#include "adapter/postgres/outbox_store.hpp"

#include "adapter/postgres/enrollment_row.hpp"
#include "adapter/postgres/edges.hpp"
#include "adapter/postgres/send_row.hpp"
#include "core/send/resolve.hpp"

namespace recoup::postgres {
namespace {

constexpr Statement list_unknown{
    "outbox_list_unknown",
    "select m.shop_id, m.message_id, m.enrollment_id, m.adapter, m.sequence, m.step_name, m.provider_code, m.channel, m.step, "
    "m.attempt, ms_of(m.planned_at), ms_of(m.created_at), exists (select 1 from lease s where (s.shop_id = m.shop_id) is true "
    "and s.enrollment_id = m.enrollment_id and s.step = m.step and s.state = 'planned') from unknown_message u "
    "join message m using (shop_id, message_id) where ($1 = '' or u.shop_id = $1) "
    "and (u.planned_at, u.message_id) > (to_timestamp($2::bigint / 1000.0::float8), $3) order by u.planned_at, u.message_id limit $4"};

constexpr Statement count_unknown{"outbox_count_unknown", "select count(*) from unknown_message"};

constexpr Statement find_unknown{"outbox_find_unknown",
                                 "select shop_id, person_id from unknown_message join message using (shop_id, message_id) where message_id = $1"};

constexpr Statement lock_person{"outbox_lock_person",
                                "select 1 from person where shop_id = $1 and person_id = $2 for update"};

constexpr Statement lock_unknown{
    "outbox_lock_unknown",
    "select " SEND_STATE_COLUMNS ", e.status = 'active', e.end_reason, e.plan = s.plan, exists (select 1 from enrollment o "
    "where (o.shop_id = e.shop_id) is true and o.person_id = e.person_id and o.status = 'active' "
    "and (case when o.trigger in ('checkout', 'browse') then 'cart' else o.trigger end) "
    "= (case when e.trigger in ('checkout', 'browse') then 'cart' else e.trigger end) "
    "and o.enrollment_id <> e.enrollment_id), e.person_id, e.cart_id, q.doc from message m "
    "join enrollment e on e.shop_id = m.shop_id and e.enrollment_id = m.enrollment_id "
    "join lease s on s.shop_id = m.shop_id and s.enrollment_id = m.enrollment_id and s.step = m.step "
    "left join sequence q on q.shop_id = e.shop_id and q.name = e.sequence and q.version = e.sequence_version "
    "where m.shop_id = $1 and m.message_id = $2 and m.status = 'unknown' order by s.plan desc limit 1 for update of e, s"};

constexpr Statement reopen{"outbox_reopen",
                           "update enrollment set status = 'active', end_reason = null, ended_at = null "
                           "where shop_id = $1 and enrollment_id = $2"};

UnknownSend unknown_of(pqxx::row const& row) {
    UnknownSend out;
    out.shop_id = text(row[0]);
    out.message_id = text(row[1]);
    out.enrollment_id = text(row[2]);
    out.adapter = text(row[3]);
    out.sequence = text(row[4]);
    out.step_name = text(row[5]);
    out.provider_code = text(row[6]);
    out.channel = channel_from(text(row[7])).value_or(Channel::email);
    out.step = row[8].as<int>();
    out.attempt = row[9].as<int>();
    out.planned_at = instant(row[10]);
    out.created_at = instant(row[11]);
    out.repeated = row[12].as<bool>();
    return out;
}

Error no_unknown() {
    return error(Errc::not_found, "There is no message of this id whose outcome is unknown; GET /v1/messages?status=unknown lists them.");
}

}  // namespace

Result<std::vector<UnknownSend>> PostgresOutboxStore::unknown(UnknownQuery const& query) {
    return run(pool_, [&](pqxx::work& tx) {
        std::vector<UnknownSend> out;
        for (auto const& row : exec(tx, list_unknown, query.shop_id, to_millis(query.after_at), query.after_id, query.limit))
            out.push_back(unknown_of(row));
        return out;
    });
}

Result<std::int64_t> PostgresOutboxStore::unknown_count() {
    return run(pool_, [&](pqxx::work& tx) { return exec(tx, count_unknown)[0][0].as<std::int64_t>(); });
}

Result<Resolution> PostgresOutboxStore::resolve(std::string const& message_id, bool sent, Instant now) {
    return run_sharing_edges(pool_, [&](pqxx::work& tx) -> Result<Resolution> {
        auto const found = exec(tx, find_unknown, message_id);
        if (found.empty()) return no_unknown();
        auto const shop_id = text(found[0][0]);
        exec(tx, lock_person, shop_id, text(found[0][1]));   // one order of locks: person, enrollment, step
        auto const rows = exec(tx, lock_unknown, shop_id, message_id);
        if (rows.empty()) return no_unknown();
        auto const& read = rows[0];
        constexpr int more = send_state_columns;
        auto row = send_row(read);
        auto const sequence = document<Sequence>(read[more + 6]);
        core::UnknownFacts facts;
        facts.state = row.state;
        facts.active = read[more].as<bool>();
        facts.end_reason = reason_from(text(read[more + 1])).value_or(Reason::ok);
        facts.newest_plan = read[more + 2].as<bool>();
        facts.another_active = read[more + 3].as<bool>();
        if (auto const index = static_cast<std::size_t>(row.step); index < sequence.steps.size())
            facts.useful_until = row.planned_at + sequence.steps[index].useful_for;
        auto const weighed = core::weigh(facts, sent, now);
        auto const next = core::next(row.state, weighed.event);
        if (!next) return core::cannot_be_resolved(row.state);
        row.state = *next;
        if (weighed.reopen) exec(tx, reopen, shop_id, row.enrollment_id);
        save_steps(tx, {row});
        save_status(tx, row, weighed.reason, now);
        Resolution resolution{shop_id, message_id, row.state.message.value(), row.state.step == StepState::planned, weighed.reason};
        insert_decisions(tx, shop_id, {core::resolution_decision(resolution, row.enrollment_id, text(read[more + 4]),
                                                                 text(read[more + 5]), row.step, sent, now)});
        if (!resolution.planned_again) complete_enrollments(tx, {row}, now);
        return resolution;
    });
}

}  // namespace recoup::postgres
