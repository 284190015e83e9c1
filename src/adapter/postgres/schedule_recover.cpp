// What becomes of sends that nobody finished: leases that ended, callbacks that came, look-ups.
#include "adapter/postgres/enrollment_row.hpp"
#include "adapter/postgres/schedule_store.hpp"

#include <algorithm>

namespace recoup::postgres {
namespace {

constexpr Statement any_to_recover{
    "schedule_any_to_recover",
    "select exists (select from claim where lease_until <= at_ms($1) and lease_until > to_timestamp($2::bigint / 1000.0::float8)) "
    "or exists (select from unknown_message join message m using (shop_id, message_id) where m.feedback is not null)"};

constexpr Statement take_ended_claims{"schedule_take_ended_claims",
                                      "with ended as (delete from claim where lease_until <= at_ms($1) "
                                      "and lease_until > to_timestamp($2::bigint / 1000.0::float8) returning *) "
                                      "select ms_of(min(first_due_at)), ms_of(max(last_due_at)) from ended"};

constexpr Statement lock_expired{
    "schedule_lock_expired",
    "select " SEND_STATE_COLUMNS ", m.adapter, m.person_id, m.cart_id from lease s "
    "left join message m on m.shop_id = s.shop_id and m.enrollment_id = s.enrollment_id and m.step = s.step "
    "where s.due_at between at_ms($2) and at_ms($3) and s.state = 'sending' and s.lease_until <= at_ms($1) "
    "order by s.shop_id, s.enrollment_id, s.plan, s.step for update of s"};

constexpr Statement lock_spoken_of{
    "schedule_lock_spoken_of",
    "select " SEND_STATE_COLUMNS " from unknown_message join message m using (shop_id, message_id) join lateral (select * from lease t where (t.shop_id = m.shop_id) is true "
    "and t.enrollment_id = m.enrollment_id and t.step = m.step order by t.plan desc limit 1 for update skip locked) s on true "
    "where m.feedback is not null"};

constexpr Statement find_unknown_of{
    "recover_find_unknown",
    "select shop_id, message_id, m.adapter from unknown_message u join message m using (shop_id, message_id) "
    "where m.adapter = any($1::text[]) and u.message_id > $2 order by u.message_id limit $3"};

constexpr Statement lock_found{
    "recover_lock_found",
    "select " SEND_STATE_COLUMNS ", r.provider_id from unnest($1::text[], $2::text[], $3::text[]) as r(shop_id, message_id, provider_id) "
    "join message m on m.shop_id = r.shop_id and m.message_id = r.message_id and m.status = 'unknown' "
    "join lateral (select * from lease t where (t.shop_id = m.shop_id) is true and t.enrollment_id = m.enrollment_id and t.step = m.step "
    "order by t.plan desc limit 1 for update skip locked) s on true"};

constexpr Statement save_provider_id{"recover_save_provider_id",
                                     "update message set provider_id = $3 where shop_id = $1 and message_id = $2"};

/// Steps whose sends are settled in one transaction, and what follows.
class Settled {
public:
    Settled(pqxx::work& tx, Instant now) : tx_(tx), now_(now) {}

    /// What it came to; nullptr when the event does not count.
    SendRow const* settle(SendRow row, core::SendEvent const& event) {
        auto const next = core::next(row.state, event);
        if (!next) return nullptr;
        row.state = *next;
        save_status(tx_, row, core::reason_of(row.state), now_);
        changed_.push_back(std::move(row));
        return &changed_.back();
    }

    std::size_t write() const {
        std::vector<SendRow> over;
        std::copy_if(changed_.begin(), changed_.end(), std::back_inserter(over),
                     [](SendRow const& row) { return row.state.step != StepState::planned; });
        save_steps(tx_, changed_);
        complete_enrollments(tx_, over, now_);
        return changed_.size();
    }

private:
    pqxx::work& tx_;
    Instant now_;
    std::vector<SendRow> changed_;
};

pqxx::result ended_leases(pqxx::work& tx, Instant by, Instant from) {
    auto const due = exec(tx, take_ended_claims, to_millis(by), to_millis(from))[0];
    if (due[0].is_null()) return {};
    return exec(tx, lock_expired, to_millis(by), due[0].as<std::int64_t>(), due[1].as<std::int64_t>());
}

}  // namespace

Result<std::size_t> PostgresScheduleStore::recover_leases(Instant now, LeaseRecovery const& how) {
    auto const from = ended_claims_.from(now);
    auto const any = run_statement(pool_, [&](pqxx::nontransaction& tx) {
        return exec(tx, any_to_recover, to_millis(now + how.early), to_millis(from))[0][0].as<bool>();
    });
    if (!any) return any.error();
    if (!*any) {
        ended_claims_.taken(now);
        return std::size_t{0};
    }
    auto recovered = run_sharing_edges(pool_, [&](pqxx::work& tx) -> std::size_t {
        Settled settled(tx, now);
        for (auto const& found : ended_leases(tx, now + how.early, from)) {
            auto const* row = settled.settle(send_row(found), core::ended_event(how, text(found[send_state_columns]), now));
            if (row == nullptr || row->state.step == StepState::planned || row->state.message != MessageStatus::unknown) continue;
            insert_decisions(tx, row->shop_id,
                             {core::outcome_unknown(row->message_id, row->enrollment_id, text(found[send_state_columns + 1]),
                                                    text(found[send_state_columns + 2]), row->step, now)});
        }
        for (auto const& found : exec(tx, lock_spoken_of)) settled.settle(send_row(found), core::Resolved{true, std::nullopt});
        return settled.write();
    });
    if (recovered) ended_claims_.taken(now);
    return recovered;
}

Instant EndedClaims::from(Instant now) {
    constexpr Seconds between_looks_at_all{60};
    std::lock_guard const lock(mutex_);
    if (now - looked_at_all_ < between_looks_at_all) return taken_to_;
    looked_at_all_ = now;
    return {};
}

void EndedClaims::taken(Instant at) {
    std::lock_guard const lock(mutex_);
    taken_to_ = std::max(taken_to_, at);
}

Instant EndedClaims::taken_to() const {
    std::lock_guard const lock(mutex_);
    return taken_to_;
}

Result<std::vector<UnknownMessage>> PostgresScheduleStore::unknown_messages(std::vector<std::string> const& adapters,
                                                                            std::string const& after, std::size_t max) {
    return run(pool_, [&](pqxx::work& tx) {
        std::vector<UnknownMessage> out;
        for (auto const& row : exec(tx, find_unknown_of, text_array(adapters), after, max))
            out.push_back({text(row[0]), text(row[1]), text(row[2])});
        return out;
    });
}

Result<std::size_t> PostgresScheduleStore::settle_found(std::vector<FoundMessage> const& found, Instant now) {
    Rows asked{{"shop_id"}, {"message_id"}, {"provider_id"}};
    for (auto const& message : found)
        asked.row().put("shop_id", message.shop_id).put("message_id", message.message_id).put("provider_id", message.provider_id);
    if (asked.empty()) return std::size_t{0};
    return run_sharing_edges(pool_, [&](pqxx::work& tx) -> std::size_t {
        Settled settled(tx, now);
        for (auto const& row : exec_rows(tx, lock_found, {}, asked))
            if (auto const* sent = settled.settle(send_row(row), core::Resolved{true, std::nullopt}))
                exec(tx, save_provider_id, sent->shop_id, sent->message_id, text(row[send_state_columns]));
        return settled.write();
    });
}

}  // namespace recoup::postgres
