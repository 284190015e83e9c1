#include "adapter/postgres/schedule_store.hpp"

#include "adapter/postgres/enrollment_row.hpp"

#include "recoup/base/assert.hpp"
#include "recoup/base/digest.hpp"

#include <algorithm>
#include <iterator>
#include <set>

namespace recoup::postgres {
namespace {

// Of the steps that were not taken the first that counts is looked for among a thousand: when all of those were cancelled, the last of
// them is when to look again, so that a shop that was emptied at once costs no walk over everything it had planned. A batch that is
// open is in somebody's hands, or was left behind.
constexpr Statement next_due_at{
    "schedule_next_due",
    "select ms_of(least((select min(watch_at) from cart where watch_at is not null), "
    "(select min(due_at) from lease where state = 'planned' and due_at >= g.low), "
    "(select min(lease_until) from claim where lease_until > to_timestamp($1::bigint / 1000.0::float8)), "
    "(select from_at from batch where batch_id >= g.open_from order by batch_id limit 1), "
    "coalesce((select s.due_at from (select * from step where due_at >= g.taken order by due_at limit 1000) as s, "
    "lateral (select from enrollment e where (e.shop_id = s.shop_id) is true and e.enrollment_id = s.enrollment_id and e.plan = s.plan "
    "and e.status <> 'ended' offset 0) as living order by s.due_at limit 1), "
    "(select max(due_at) from (select due_at from step where due_at >= g.taken order by due_at limit 1000) as cancelled having count(*) = 1000)))) "
    "from edges g"};

constexpr Statement count_due{
    "schedule_count_due",
    "select (select count(*) from lease where state = 'planned' and due_at <= at_ms($1) and due_at >= g.low) + "
    "(select count(*) from step where due_at <= at_ms($1) and due_at >= g.taken) + (select count(*) from batch b, step s "
    "where b.batch_id >= g.open_from and s.due_at >= b.from_at and s.due_at < b.to_at) from edges g"};

constexpr Statement save_drafts{
    "schedule_save_messages",
    "insert into message (shop_id, message_id, enrollment_id, person_id, cart_id, step, step_name, sequence, channel, adapter, "
    "status, reason, to_address, subject, body_text, body_html, target_url, incentive_percent, planned_at, created_at, attempt, "
    "request_hash, attempted_at) "
    "select r.shop_id, r.message_id, r.enrollment_id, r.person_id, r.cart_id, r.step, r.step_name, r.sequence, r.channel, r.adapter, "
    "r.status, 'ok', r.to_address, r.subject, r.body_text, r.body_html, r.target_url, r.incentive_percent, at_ms(r.planned_at), "
    "at_ms($1), r.attempt, r.request_hash, at_ms($1) "
    "from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::text[], $9::text[], $10::text[], "
    "$11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[], $18::bigint[], $19::bigint[], "
    "$20::bigint[], $21::text[]) as r(shop_id, message_id, enrollment_id, person_id, cart_id, step, step_name, sequence, channel, "
    "adapter, status, to_address, subject, body_text, body_html, target_url, incentive_percent, planned_at, attempt, request_hash) "
    "on conflict (shop_id, message_id) do update set status = excluded.status, reason = 'ok', "
    "adapter = excluded.adapter, request_hash = excluded.request_hash, attempted_at = excluded.attempted_at, "
    "to_address = excluded.to_address, subject = excluded.subject, body_text = excluded.body_text, "
    "body_html = excluded.body_html, target_url = excluded.target_url, attempt = excluded.attempt"};

constexpr Statement finish_messages{
    "schedule_finish_messages",
    "update message m set status = r.status, reason = r.reason, provider_id = r.provider_id, provider_code = r.provider_code, "
    "sent_at = case when r.status = 'sent' then at_ms($1) else m.sent_at end "
    "from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) "
    "as r(shop_id, message_id, status, reason, provider_id, provider_code) "
    "where (m.shop_id = r.shop_id) is true and m.message_id = r.message_id"};

constexpr Statement suppress_bounced{
    "schedule_suppress",
    "insert into suppression (shop_id, channel, address_hash, cause, since) values ($1, $2, $3, 'provider', at_ms($4)) "
    "on conflict (shop_id, channel, address_hash) do update set cause = excluded.cause, since = excluded.since "
    "where suppression.cause in ('unsubscribe', 'stop', 'lifted')"};

constexpr Statement lock_sends{
    "schedule_lock_sends",
    "select " SEND_STATE_COLUMNS " from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) "
    "as r(shop_id, enrollment_id, plan, step), lateral (select * from lease l where (l.shop_id = r.shop_id) is true "
    "and l.enrollment_id = r.enrollment_id and l.plan = r.plan and l.step = r.step offset 0 for update) as s, "
    "lateral (select * from message n where (n.shop_id = s.shop_id) is true and n.enrollment_id = s.enrollment_id and n.step = s.step offset 0) as m"};

constexpr auto bigint = Rows::Type::bigint;

Rows message_rows() {
    return {{"shop_id"},   {"message_id"}, {"enrollment_id"}, {"person_id"}, {"cart_id"},   {"step", bigint},
            {"step_name"}, {"sequence"},   {"channel"},       {"adapter"},   {"status"},    {"to_address"},
            {"subject"},   {"body_text"},  {"body_html"},     {"target_url"}, {"incentive_percent", bigint},
            {"planned_at", bigint}, {"attempt", bigint}, {"request_hash"}};
}

void add_row(Rows& rows, MessageDraft const& draft, core::SendState const& state) {
    auto const& message = draft.message;
    rows.row()
        .put("shop_id", message.shop_id)
        .put("message_id", message.id)
        .put("enrollment_id", draft.enrollment_id)
        .put("person_id", draft.person_id)
        .put_text("cart_id", draft.cart_id)
        .put("step", draft.step)
        .put("step_name", draft.step_name)
        .put("sequence", draft.sequence)
        .put("channel", name(message.channel))
        .put("adapter", draft.adapter)
        .put("status", name(state.message.value()))
        .put("to_address", message.to)
        .put("subject", message.content.subject)
        .put("body_text", message.content.text)
        .put("body_html", message.content.html)
        .put("target_url", draft.target_url)
        .put("incentive_percent", draft.incentive_percent)
        .put("planned_at", to_millis(draft.planned_at))
        .put("attempt", state.attempt)
        .put("request_hash", draft.request_hash);
}

/// What follows from a batch of decisions, in one order: steps, messages, ended enrollments, completed ones, decisions.
void write_decided(pqxx::work& tx, std::vector<StepWrite> const& writes, std::vector<SendRow> const& rows, Instant now,
                   Instant lease_until) {
    std::vector<SendRow> sent, unwritten, skipped;
    for (auto const& row : rows) {
        bool const is_sent = row.state.step == StepState::sending;
        if (is_sent) sent.push_back(row);
        if (!is_sent || !row.in_lease) unwritten.push_back(row);   // the claim has written the leases of what is sent
    }
    note_claim(tx, lease_until, sent);
    save_steps(tx, unwritten);
    std::map<std::string, std::vector<Decision>> decisions;
    std::map<std::string, std::vector<std::pair<std::string, Reason>>> ended;
    auto messages = message_rows();
    for (std::size_t i = 0; i < writes.size(); ++i) {
        auto const& write = writes[i];
        if (!write.told_before) decisions[write.shop_id].push_back(write.decision);
        if (write.draft) add_row(messages, *write.draft, rows[i].state);
        if (write.verdict == Verdict::end) ended[write.shop_id].emplace_back(write.enrollment_id, write.reason);
        else if (rows[i].state.step == StepState::skipped) skipped.push_back(rows[i]);
    }
    if (!messages.empty()) exec_rows(tx, save_drafts, {to_millis(now)}, messages);
    for (auto const& [shop_id, list] : ended) end_enrollments(tx, shop_id, list, now);
    complete_enrollments(tx, skipped, now);
    for (auto const& [shop_id, list] : decisions) insert_decisions(tx, shop_id, list);
}

using SendKey = std::tuple<std::string, std::string, int, int>;   // shop, enrollment, plan, step

std::map<SendKey, SendRow> locked_sends(pqxx::work& tx, std::vector<SendResult> const& results) {
    std::set<SendKey> wanted;   // everybody locks in this order
    for (auto const& result : results) wanted.emplace(result.shop_id, result.enrollment_id, result.plan, result.step);
    Rows keys{{"shop_id"}, {"enrollment_id"}, {"plan", bigint}, {"step", bigint}};
    for (auto const& [shop_id, enrollment_id, plan, step] : wanted)
        keys.row().put("shop_id", shop_id).put("enrollment_id", enrollment_id).put("plan", plan).put("step", step);
    std::map<SendKey, SendRow> rows;
    for (auto const& row : exec_rows(tx, lock_sends, {}, keys)) {
        auto send = send_row(row);
        SendKey key{send.shop_id, send.enrollment_id, send.plan, send.step};
        rows.insert_or_assign(std::move(key), std::move(send));
    }
    return rows;
}

/// What was answered, gathered and then written at once.
class Results {
public:
    void add(pqxx::work& tx, SendResult const& result, SendRow const& row, Instant now) {
        bool const as_heard = row.state.message != MessageStatus::sent || result.outcome.kind == OutcomeKind::sent;
        auto const* decision = as_heard && result.decision ? &*result.decision : nullptr;
        messages_.row()
            .put("shop_id", result.shop_id)
            .put("message_id", result.message_id)
            .put("status", name(row.state.message.value()))
            .put("reason", name(decision != nullptr ? decision->reason : core::reason_of(row.state)))
            .put_text("provider_id", result.outcome.provider_id)
            .put_text("provider_code", result.outcome.code);
        if (decision != nullptr) decisions_[result.shop_id].push_back(*decision);
        if (result.outcome.suppress)
            exec(tx, suppress_bounced, result.shop_id, std::string(name(result.channel)), result.address_hash, to_millis(now));
        steps_.push_back(row);
    }

    void write(pqxx::work& tx, Instant now) const {
        if (steps_.empty()) return;
        exec_rows(tx, finish_messages, {to_millis(now)}, messages_);
        save_steps(tx, steps_);
        std::vector<SendRow> over;
        std::copy_if(steps_.begin(), steps_.end(), std::back_inserter(over),
                     [](SendRow const& row) { return row.state.step != StepState::planned; });
        complete_enrollments(tx, over, now);
        for (auto const& [shop_id, list] : decisions_) insert_decisions(tx, shop_id, list);
    }

private:
    Rows messages_{{"shop_id"}, {"message_id"}, {"status"}, {"reason"}, {"provider_id"}, {"provider_code"}};
    std::map<std::string, std::vector<Decision>> decisions_;
    std::vector<SendRow> steps_;
};

}  // namespace

Result<std::optional<Instant>> PostgresScheduleStore::next_due() {
    return run_statement(pool_, [&](pqxx::nontransaction& tx) -> std::optional<Instant> {
        auto const at = instant(exec(tx, next_due_at, to_millis(ended_claims_.taken_to()))[0][0]);
        return at == never ? std::nullopt : std::optional(at);
    });
}

Result<std::int64_t> PostgresScheduleStore::due_count(Instant now) {
    return run_statement(pool_, [&](pqxx::nontransaction& tx) { return exec(tx, count_due, to_millis(now))[0][0].as<std::int64_t>(); });
}

Result<ScheduleStore::Claimed> PostgresScheduleStore::claim_steps(
    Instant now, Instant lease_until, ClaimSize const& size,
    std::function<std::vector<StepWrite>(std::vector<DueStep> const&)> const& decide) {
    if (auto const advanced = edges_.advance(now); !advanced) return advanced.error();
    auto const takeable = batches_.take(now, size.steps);
    if (!takeable) return takeable.error();
    edges_.tend_partitions(now);
    std::size_t leases = 0;
    auto claimed_steps = run_sharing_edges(pool_, [&](pqxx::work& tx) -> Claimed {
        auto [leased, released, taken] = claim_due(tx, *takeable, now, lease_until, size);
        leases = taken;
        std::vector<SendRow> rows;
        std::vector<DueStep> due;
        rows.reserve(leased.size());
        due.reserve(leased.size());
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
    if (claimed_steps) edges_.claimed(leases);
    else batches_.failed();
    return claimed_steps;
}

Result<void> PostgresScheduleStore::finish(std::vector<SendResult> const& results, Instant now) {
    return run_sharing_edges(pool_, [&](pqxx::work& tx) {
        auto sends = locked_sends(tx, results);
        Results written;
        for (auto const& result : results) {
            auto const found = sends.find({result.shop_id, result.enrollment_id, result.plan, result.step});
            if (found == sends.end()) continue;
            auto& row = found->second;
            auto const next = core::next(row.state, core::finished_event(result));
            if (!next) continue;   // the lease was lost; whoever holds it now tells the story
            row.state = *next;
            written.add(tx, result, row, now);
        }
        written.write(tx, now);
    });
}

}  // namespace recoup::postgres
