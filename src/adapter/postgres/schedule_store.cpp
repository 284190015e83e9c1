#include "adapter/postgres/schedule_store.hpp"

#include "adapter/postgres/enrollment_row.hpp"

#include "recoup/base/assert.hpp"
#include "recoup/base/digest.hpp"

#include <algorithm>
#include <iterator>

namespace recoup::postgres {
namespace {

constexpr Statement next_due_at{
    "schedule_next_due",
    "select ms_of(least((select min(watch_at) from cart where watch_at is not null), "
    "(select min(due_at) from lease where state = 'planned' and due_at >= (select low from promotion)), "
    "(select min(lease_until) from claim), "
    "(select s.due_at from step s where s.due_at >= (select until from promotion) and exists (select 1 from enrollment e "
    "where e.shop_id = s.shop_id and e.enrollment_id = s.enrollment_id and e.plan = s.plan and e.status = 'active') "
    "order by s.due_at limit 1)))"};

constexpr Statement count_due{"schedule_count_due",
                              "select (select count(*) from lease where state = 'planned' and due_at <= at_ms($1) and due_at >= low) + "
                              "(select count(*) from step where due_at <= at_ms($1) and due_at >= until) from promotion"};

constexpr Statement save_draft{
    "schedule_save_message",
    "insert into message (shop_id, message_id, enrollment_id, person_id, cart_id, step, step_name, sequence, channel, adapter, "
    "status, reason, to_address, subject, body_text, body_html, target_url, incentive_percent, planned_at, created_at, attempt, "
    "request_hash, attempted_at) "
    "values ($1, $2, $3, $4, nullif($5, ''), $6, $7, $8, $9, $10, $20, 'ok', $11, $12, $13, $14, $15, $16, at_ms($17), "
    "at_ms($18), $19, $21, at_ms($18)) on conflict (shop_id, message_id) do update set status = excluded.status, reason = 'ok', "
    "adapter = excluded.adapter, request_hash = excluded.request_hash, attempted_at = excluded.attempted_at, "
    "to_address = excluded.to_address, subject = excluded.subject, body_text = excluded.body_text, "
    "body_html = excluded.body_html, target_url = excluded.target_url, attempt = excluded.attempt"};

constexpr Statement finish_message{
    "schedule_finish_message",
    "update message set status = $3, reason = $4, provider_id = nullif($5, ''), provider_code = nullif($6, ''), "
    "sent_at = case when $3 = 'sent' then at_ms($7) else sent_at end where shop_id = $1 and message_id = $2"};

constexpr Statement suppress_bounced{
    "schedule_suppress",
    "insert into suppression (shop_id, channel, address_hash, cause, since) values ($1, $2, $3, 'provider', at_ms($4)) "
    "on conflict (shop_id, channel, address_hash) do update set cause = excluded.cause, since = excluded.since "
    "where suppression.cause in ('unsubscribe', 'stop', 'lifted')"};

constexpr Statement lock_sends{
    "schedule_lock_sends",
    "select " SEND_STATE_COLUMNS " from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) "
    "as r(shop_id, enrollment_id, plan, step) join lease s on s.shop_id = r.shop_id and s.enrollment_id = r.enrollment_id "
    "and s.plan = r.plan and s.step = r.step "
    "join message m on m.shop_id = s.shop_id and m.enrollment_id = s.enrollment_id and m.step = s.step "
    "order by s.shop_id, s.enrollment_id, s.plan, s.step for update of s"};

constexpr Statement lock_expired{
    "schedule_lock_expired",
    "select " SEND_STATE_COLUMNS ", coalesce(m.adapter = any($2::text[]), false), m.person_id, m.cart_id from lease s "
    "left join message m on m.shop_id = s.shop_id and m.enrollment_id = s.enrollment_id and m.step = s.step "
    "where s.due_at between at_ms($3) and at_ms($4) and s.state = 'sending' and s.lease_until <= at_ms($1) "
    "order by s.shop_id, s.enrollment_id, s.plan, s.step for update of s"};

constexpr Statement take_ended_claims{"schedule_take_ended_claims",
                                      "with ended as (delete from claim where lease_until <= at_ms($1) returning *) "
                                      "select ms_of(min(first_due_at)), ms_of(max(last_due_at)) from ended"};

constexpr Statement lock_spoken_of{
    "schedule_lock_spoken_of",
    "select " SEND_STATE_COLUMNS " from message m join lateral (select * from lease t where t.shop_id = m.shop_id "
    "and t.enrollment_id = m.enrollment_id and t.step = m.step order by t.plan desc limit 1 for update skip locked) s on true "
    "where m.status = 'unknown' and m.feedback is not null"};

void write_message(pqxx::work& tx, MessageDraft const& draft, core::SendState const& state, Instant now) {
    auto const& message = draft.message;
    exec(tx, save_draft, message.shop_id, message.id, draft.enrollment_id, draft.person_id, draft.cart_id, draft.step,
         draft.step_name, draft.sequence, std::string(name(message.channel)), draft.adapter, message.to,
         message.content.subject, message.content.text, message.content.html, draft.target_url, draft.incentive_percent,
         to_millis(draft.planned_at), to_millis(now), state.attempt, std::string(name(state.message.value())), draft.request_hash);
}

/// What follows from a batch of decisions, in one order: steps, messages, ended enrollments, completed ones, decisions.
void write_decided(pqxx::work& tx, std::vector<StepWrite> const& writes, std::vector<SendRow> const& rows, Instant now,
                   Instant lease_until) {
    std::vector<SendRow> sent, not_sent, skipped;   // the claim has written the leases of what is sent
    std::partition_copy(rows.begin(), rows.end(), std::back_inserter(sent), std::back_inserter(not_sent),
                        [](SendRow const& row) { return row.state.step == StepState::sending; });
    note_claim(tx, lease_until, sent);
    save_steps(tx, not_sent);
    std::map<std::string, std::vector<Decision>> decisions;
    std::map<std::string, std::vector<std::pair<std::string, Reason>>> ended;
    for (std::size_t i = 0; i < writes.size(); ++i) {
        auto const& write = writes[i];
        if (!write.told_before) decisions[write.shop_id].push_back(write.decision);
        if (write.draft) write_message(tx, *write.draft, rows[i].state, now);
        if (write.verdict == Verdict::end) ended[write.shop_id].emplace_back(write.enrollment_id, write.reason);
        else if (rows[i].state.step == StepState::skipped) skipped.push_back(rows[i]);
    }
    for (auto const& [shop_id, list] : ended) end_enrollments(tx, shop_id, list, now);
    complete_enrollments(tx, skipped, now);
    for (auto const& [shop_id, list] : decisions) insert_decisions(tx, shop_id, list);
}

using SendKey = std::tuple<std::string, std::string, int, int>;   // shop, enrollment, plan, step

std::map<SendKey, SendRow> locked_sends(pqxx::work& tx, std::vector<SendResult> const& results) {
    constexpr auto bigint = Rows::Type::bigint;
    Rows keys{{"shop_id"}, {"enrollment_id"}, {"plan", bigint}, {"step", bigint}};
    for (auto const& result : results)
        keys.row().put("shop_id", result.shop_id).put("enrollment_id", result.enrollment_id).put("plan", result.plan).put("step", result.step);
    std::map<SendKey, SendRow> rows;
    for (auto const& row : exec_rows(tx, lock_sends, {}, keys)) {
        auto send = send_row(row);
        SendKey key{send.shop_id, send.enrollment_id, send.plan, send.step};
        rows.insert_or_assign(std::move(key), std::move(send));
    }
    return rows;
}

void write_result(pqxx::work& tx, SendResult const& result, SendRow const& row, Instant now) {
    bool const as_heard = row.state.message != MessageStatus::sent || result.outcome.kind == OutcomeKind::sent;
    auto const* decision = as_heard && result.decision ? &*result.decision : nullptr;
    auto const reason = decision != nullptr ? decision->reason : core::reason_of(row.state);
    exec(tx, finish_message, result.shop_id, result.message_id, std::string(name(row.state.message.value())),
         std::string(name(reason)), result.outcome.provider_id,
         result.outcome.code, to_millis(now));
    if (result.outcome.suppress)
        exec(tx, suppress_bounced, result.shop_id, std::string(name(result.channel)), result.address_hash, to_millis(now));
    if (decision != nullptr) insert_decisions(tx, result.shop_id, {*decision});
}

}  // namespace

Result<std::optional<Instant>> PostgresScheduleStore::next_due() {
    return run(pool_, [&](pqxx::work& tx) -> std::optional<Instant> {
        auto const at = instant(exec(tx, next_due_at)[0][0]);
        return at == never ? std::nullopt : std::optional(at);
    });
}

Result<std::int64_t> PostgresScheduleStore::due_count(Instant now) {
    return run(pool_, [&](pqxx::work& tx) { return exec(tx, count_due, to_millis(now))[0][0].as<std::int64_t>(); });
}

Result<ScheduleStore::Claimed> PostgresScheduleStore::claim_steps(
    Instant now, Instant lease_until, ClaimSize const& size,
    std::function<std::vector<StepWrite>(std::vector<DueStep> const&)> const& decide) {
    auto const edges = promotion_.advance(now);
    if (!edges) return edges.error();
    auto claimed_steps = run_sharing_edges(pool_, [&](pqxx::work& tx) -> Claimed {
        auto [leased, released] = claim_due(tx, now, lease_until, size);
        std::vector<SendRow> rows;
        std::vector<DueStep> due;
        for (auto& step : leased) {
            rows.push_back(row_of(step));
            due.push_back(std::move(step.due));
        }
        Claimed claimed;
        claimed.decided = due.size() + released;
        if (due.empty()) return claimed;
        auto writes = decide(due);
        RECOUP_ASSERT(writes.size() == due.size());
        for (std::size_t i = 0; i < due.size(); ++i) {
            auto const next = core::next(rows[i].state, core::decided_event(writes[i], now, lease_until));
            RECOUP_ASSERT(next && writes[i].draft.has_value() == (writes[i].verdict == Verdict::send));
            rows[i].state = *next;
            if (writes[i].verdict == Verdict::move) rows[i].wait = wait_for(writes[i].reason).value_or(rows[i].wait);
        }
        write_decided(tx, writes, rows, now, lease_until);
        for (std::size_t i = 0; i < due.size(); ++i) {
            if (!writes[i].draft) continue;
            claimed.sends.emplace_back(std::move(*writes[i].draft), rows[i].state.lease_token);
            claimed.facts.push_back(std::move(due[i]));
        }
        return claimed;
    });
    if (claimed_steps) promotion_.claimed(claimed_steps->decided);
    return claimed_steps;
}

Result<void> PostgresScheduleStore::finish(std::vector<SendResult> const& results, Instant now) {
    return run_sharing_edges(pool_, [&](pqxx::work& tx) {
        auto sends = locked_sends(tx, results);
        std::vector<SendRow> changed, over;
        for (auto const& result : results) {
            auto const found = sends.find({result.shop_id, result.enrollment_id, result.plan, result.step});
            if (found == sends.end()) continue;
            auto& row = found->second;
            auto const next = core::next(row.state, core::finished_event(result));
            if (!next) continue;   // the lease was lost; whoever holds it now tells the story
            row.state = *next;
            write_result(tx, result, row, now);
            changed.push_back(row);
            if (row.state.step != StepState::planned) over.push_back(row);
        }
        save_steps(tx, changed);
        complete_enrollments(tx, over, now);
    });
}

Result<std::size_t> PostgresScheduleStore::recover_leases(Instant now, std::vector<std::string> const& idempotent_adapters) {
    return run_sharing_edges(pool_, [&](pqxx::work& tx) -> std::size_t {
        std::vector<SendRow> changed, over;
        auto const due = exec(tx, take_ended_claims, to_millis(now))[0];
        auto const settle = [&](SendRow row, core::SendEvent const& event) {
            auto const next = core::next(row.state, event);
            if (!next) return;
            row.state = *next;
            save_status(tx, row, core::reason_of(row.state), now);
            if (row.state.step != StepState::planned) over.push_back(row);
            changed.push_back(std::move(row));
        };
        auto const expired = due[0].is_null() ? pqxx::result{}
                                              : exec(tx, lock_expired, to_millis(now), text_array(idempotent_adapters),
                                                     due[0].as<std::int64_t>(), due[1].as<std::int64_t>());
        for (auto const& found : expired) {
            auto const row = send_row(found);
            auto const seen = changed.size();
            settle(row, core::LeaseEnded{now, found[send_state_columns].as<bool>()});
            if (seen == changed.size() || changed.back().state.step == StepState::planned ||
                changed.back().state.message != MessageStatus::unknown)
                continue;
            insert_decisions(tx, row.shop_id,
                             {core::outcome_unknown(row.message_id, row.enrollment_id, text(found[send_state_columns + 1]),
                                                    text(found[send_state_columns + 2]), row.step, now)});
        }
        for (auto const& found : exec(tx, lock_spoken_of)) settle(send_row(found), core::Resolved{true, std::nullopt});
        save_steps(tx, changed);
        complete_enrollments(tx, over, now);
        return changed.size();
    });
}

}  // namespace recoup::postgres
