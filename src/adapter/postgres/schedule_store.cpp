#include "adapter/postgres/schedule_store.hpp"

#include "adapter/postgres/enrollment_row.hpp"

#include "recoup/base/assert.hpp"
#include "recoup/base/digest.hpp"

namespace recoup::postgres {
namespace {

constexpr Statement next_due_at{
    "schedule_next_due",
    "select ms_of(least((select min(watch_at) from cart where watch_at is not null), "
    "(select min(due_at) from step where state = 'planned'), "
    "(select min(lease_until) from step where state = 'sending')))"};

constexpr Statement count_due{"schedule_count_due",
                              "select count(*) from step where state = 'planned' and due_at <= at_ms($1)"};

constexpr Statement move_step{"schedule_move_step",
                              "update step set state = 'planned', due_at = at_ms($5), lease_until = null, "
                              "attempt = greatest(attempt - $6, 0) where shop_id = $1 and enrollment_id = $2 and plan = $3 "
                              "and step = $4"};

constexpr Statement close_step{"schedule_close_step",
                               "update step set state = $5, lease_until = null where shop_id = $1 and enrollment_id = $2 "
                               "and plan = $3 and step = $4"};

constexpr Statement fenced_close{
    "schedule_fenced_close",
    "update step set state = $6, due_at = coalesce(at_ms($7), due_at), lease_until = null where shop_id = $1 "
    "and enrollment_id = $2 and plan = $3 and step = $4 and lease_token = $5 and state = 'sending'"};

constexpr Statement save_draft{
    "schedule_save_message",
    "insert into message (shop_id, message_id, enrollment_id, person_id, cart_id, step, step_name, sequence, channel, adapter, "
    "status, reason, to_address, subject, body_text, body_html, target_url, incentive_percent, planned_at, created_at, attempt) "
    "values ($1, $2, $3, $4, nullif($5, ''), $6, $7, $8, $9, $10, 'sending', 'ok', $11, $12, $13, $14, $15, $16, at_ms($17), "
    "at_ms($18), $19) on conflict (shop_id, message_id) do update set status = 'sending', reason = 'ok', adapter = excluded.adapter, "
    "to_address = excluded.to_address, subject = excluded.subject, body_text = excluded.body_text, "
    "body_html = excluded.body_html, target_url = excluded.target_url, attempt = excluded.attempt"};

constexpr Statement finish_message{
    "schedule_finish_message",
    "update message set status = $3, reason = $4, provider_id = nullif($5, ''), provider_code = nullif($6, ''), "
    "sent_at = case when $3 = 'sent' then at_ms($7) else sent_at end where shop_id = $1 and message_id = $2"};

constexpr Statement complete{
    "schedule_complete",
    "update enrollment e set status = 'ended', end_reason = 'completed', ended_at = at_ms($3) "
    "where e.shop_id = $1 and e.enrollment_id = any($2::text[]) and e.status = 'active' and not exists ("
    "select 1 from step s where s.shop_id = e.shop_id and s.enrollment_id = e.enrollment_id and s.plan = e.plan "
    "and s.state in ('planned', 'sending'))"};

constexpr Statement suppress_bounced{
    "schedule_suppress",
    "insert into suppression (shop_id, channel, address_hash, cause, since) values ($1, $2, $3, 'provider', at_ms($4)) "
    "on conflict (shop_id, channel, address_hash) do update set cause = excluded.cause, since = excluded.since "
    "where suppression.cause in ('unsubscribe', 'stop', 'lifted')"};

// Until it is sent again, nobody knows whether the message left.
constexpr Statement replan_expired{
    "schedule_replan_expired",
    "with again as (update step s set state = 'planned', due_at = at_ms($1), lease_until = null, "
    "attempt = greatest(s.attempt - 1, 0) "
    "from message m where s.state = 'sending' and s.lease_until <= at_ms($1) and m.shop_id = s.shop_id "
    "and m.enrollment_id = s.enrollment_id and m.step = s.step and m.status = 'sending' and m.adapter = any($2::text[]) "
    "returning m.shop_id, m.message_id) "
    "update message m set status = 'unknown', reason = 'outcome_unknown' from again "
    "where m.shop_id = again.shop_id and m.message_id = again.message_id"};

constexpr Statement close_expired{
    "schedule_close_expired",
    "with lost as (update step s set state = 'done', lease_until = null where s.state = 'sending' "
    "and s.lease_until <= at_ms($1) returning s.shop_id, s.enrollment_id, s.step) "
    "update message m set status = 'unknown', reason = 'outcome_unknown' from lost where m.shop_id = lost.shop_id "
    "and m.enrollment_id = lost.enrollment_id and m.step = lost.step and m.status = 'sending' "
    "returning m.shop_id, m.message_id, m.enrollment_id, m.person_id, m.cart_id, m.step"};

void write_message(pqxx::work& tx, MessageDraft const& draft, Instant now, int attempt) {
    auto const& message = draft.message;
    exec(tx, save_draft, message.shop_id, message.id, draft.enrollment_id, draft.person_id, draft.cart_id, draft.step,
         draft.step_name, draft.sequence, std::string(name(message.channel)), draft.adapter, message.to,
         message.content.subject, message.content.text, message.content.html, draft.target_url, draft.incentive_percent,
         to_millis(draft.planned_at), to_millis(now), attempt);
}

void write_step(pqxx::work& tx, StepWrite const& write, DueStep const& due, Instant now) {
    switch (write.verdict) {
        case Verdict::send:
            RECOUP_ASSERT(write.draft.has_value());
            write_message(tx, *write.draft, now, due.attempt + 1);
            break;
        case Verdict::move:   // asked again later: not an attempt
            exec(tx, move_step, write.shop_id, write.enrollment_id, write.plan, write.step, to_millis(write.move_to), 1);
            break;
        case Verdict::end:
            exec(tx, close_step, write.shop_id, write.enrollment_id, write.plan, write.step, "skipped");
            end_enrollments(tx, write.shop_id, {{write.enrollment_id, write.reason}}, now);
            break;
        case Verdict::skip:
        case Verdict::open:
        case Verdict::hold:
            exec(tx, close_step, write.shop_id, write.enrollment_id, write.plan, write.step, "skipped");
            exec(tx, complete, write.shop_id, text_array(std::vector<std::string>{write.enrollment_id}), to_millis(now));
            break;
    }
}

std::string_view status_of(SendResult const& result) {
    switch (result.outcome.kind) {
        case OutcomeKind::sent: return "sent";
        case OutcomeKind::retry_later: return result.retry_at ? "retry" : "rejected";
        case OutcomeKind::rejected: return "rejected";
        case OutcomeKind::unknown: return "unknown";
    }
    return "unknown";
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
    Instant now, Instant lease_until, std::size_t max,
    std::function<std::vector<StepWrite>(std::vector<DueStep> const&)> const& decide) {
    return run(pool_, [&](pqxx::work& tx) -> Claimed {
        auto [leased, released] = claim_due(tx, now, lease_until, max);
        std::vector<DueStep> due;
        for (auto& step : leased) due.push_back(std::move(step.due));
        Claimed claimed;
        claimed.decided = due.size() + released;
        if (due.empty()) return claimed;
        auto writes = decide(due);
        RECOUP_ASSERT(writes.size() == due.size());
        std::map<std::string, std::vector<Decision>> decisions;
        for (std::size_t i = 0; i < due.size(); ++i) {
            write_step(tx, writes[i], due[i], now);
            decisions[writes[i].shop_id].push_back(std::move(writes[i].decision));
            if (writes[i].verdict != Verdict::send) continue;
            claimed.sends.emplace_back(std::move(*writes[i].draft), leased[i].lease_token);
            claimed.facts.push_back(std::move(due[i]));
        }
        for (auto const& [shop_id, list] : decisions) insert_decisions(tx, shop_id, list);
        return claimed;
    });
}

Result<void> PostgresScheduleStore::finish(std::vector<SendResult> const& results, Instant now) {
    return run(pool_, [&](pqxx::work& tx) {
        for (auto const& result : results) {
            bool const again = result.outcome.kind == OutcomeKind::retry_later && result.retry_at;
            auto const closed =
                exec(tx, fenced_close, result.shop_id, result.enrollment_id, result.plan, result.step, result.lease_token,
                     again ? "planned" : "done", again ? to_millis(*result.retry_at) : std::int64_t{0});
            if (closed.affected_rows() != 1) continue;   // the lease was lost; whoever holds it now tells the story
            auto const reason = result.decision ? result.decision->reason : Reason::ok;
            exec(tx, finish_message, result.shop_id, result.message_id, std::string(status_of(result)),
                 std::string(name(reason)), result.outcome.provider_id, result.outcome.code, to_millis(now));
            if (result.outcome.suppress)
                exec(tx, suppress_bounced, result.shop_id, std::string(name(result.channel)), result.address_hash, to_millis(now));
            if (result.decision) insert_decisions(tx, result.shop_id, {*result.decision});
            if (!again)
                exec(tx, complete, result.shop_id, text_array(std::vector<std::string>{result.enrollment_id}), to_millis(now));
        }
    });
}

Result<std::size_t> PostgresScheduleStore::recover_leases(Instant now, std::vector<std::string> const& idempotent_adapters) {
    return run(pool_, [&](pqxx::work& tx) -> std::size_t {
        auto const again = exec(tx, replan_expired, to_millis(now), text_array(idempotent_adapters)).affected_rows();
        auto const lost = exec(tx, close_expired, to_millis(now));
        for (auto const& row : lost) {
            auto const shop_id = text(row[0]), enrollment_id = text(row[2]);
            insert_decisions(tx, shop_id, {core::outcome_unknown(text(row[1]), enrollment_id, text(row[3]), text(row[4]),
                                                                 row[5].as<int>(), now)});
            exec(tx, complete, shop_id, text_array(std::vector<std::string>{enrollment_id}), to_millis(now));
        }
        return again + lost.size();
    });
}

}  // namespace recoup::postgres
