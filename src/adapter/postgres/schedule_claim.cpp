// Claiming due steps and gathering what they are decided on.
#include "adapter/postgres/detour_board.hpp"
#include "adapter/postgres/enrollment_row.hpp"
#include "adapter/postgres/log_stop.hpp"
#include "adapter/postgres/outbox_store.hpp"
#include "adapter/postgres/schedule_store.hpp"
#include "adapter/postgres/truth.hpp"
#include "core/plan/stops.hpp"

namespace recoup::postgres {
namespace {

constexpr Statement lock_due_persons{
    "schedule_lock_due_persons",
    "with due as (select s.shop_id, s.enrollment_id from step s where s.state = 'planned' and s.due_at <= at_ms($1) "
    "order by s.due_at limit $2) "
    "select p.shop_id, p.person_id, p.doc from person p where (p.shop_id, p.person_id) in "
    "(select e.shop_id, e.person_id from due join enrollment e using (shop_id, enrollment_id)) "
    "order by p.shop_id, p.person_id for update skip locked"};

// Steps of persons that are gone (erased) are claimed too, so that they end.
constexpr Statement claim{
    "schedule_claim_steps",
    "select " SEND_STATE_COLUMNS ", s.channel, m.adapter, m.request_hash from step s "
    "join enrollment e using (shop_id, enrollment_id) "
    "left join message m on m.shop_id = s.shop_id and m.enrollment_id = s.enrollment_id and m.step = s.step "
    "where s.state = 'planned' and s.due_at <= at_ms($1) and ("
    " (e.shop_id, e.person_id) in (select * from unnest($3::text[], $4::text[])) "
    " or not exists (select 1 from person p where p.shop_id = e.shop_id and p.person_id = e.person_id)) "
    "order by s.due_at limit $2 for update of s skip locked"};

LeasedStep step_of(pqxx::row const& row) {
    auto const send = send_row(row);
    LeasedStep leased;
    leased.state = send.state;
    auto& step = leased.due.step;
    leased.due.shop.id = send.shop_id;
    step.enrollment_id = send.enrollment_id;
    step.plan = send.plan;
    step.step = send.step;
    step.channel = channel_from(text(row[send_state_columns])).value_or(Channel::email);
    step.planned_at = send.planned_at;
    step.wait = send.wait;
    step.due_at = send.state.due_at;
    leased.due.attempt = send.state.attempt;
    if (send.state.message)
        leased.due.tried = DueStep::Tried{*send.state.message, text(row[send_state_columns + 1]), text(row[send_state_columns + 2])};
    leased.message_id = send.message_id;
    return leased;
}

Cart const* cart_of(DueStep const& due) { return due.cart ? &*due.cart : nullptr; }

/// Steps of persons about whom something is durable that is not folded yet stay as they are: their time is right after it. All
/// do while some instance acknowledges events that are not on the log.
std::size_t release_stopped(pqxx::work& tx, std::vector<LeasedStep>& claimed) {
    if (detour_raised(tx)) return std::exchange(claimed, {}).size();
    std::vector<std::int64_t> hashes;
    std::vector<std::vector<std::int64_t>> own;
    for (auto const& leased : claimed) {
        own.push_back(core::stoppable_by(leased.due.shop.id, leased.due.person, cart_of(leased.due)));
        hashes.insert(hashes.end(), own.back().begin(), own.back().end());
    }
    std::sort(hashes.begin(), hashes.end());
    hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
    auto const pending = pending_stops(tx, hashes);
    if (pending.empty()) return 0;
    std::size_t index = 0;
    return std::erase_if(claimed, [&](LeasedStep const&) {
        auto const& mine = own[index++];
        return std::any_of(mine.begin(), mine.end(), [&](std::int64_t hash) { return pending.contains(hash); });
    });
}

/// Steps of an older plan or an ended enrollment, and those whose message is known to have left.
void settle_without_a_decision(pqxx::work& tx, std::vector<LeasedStep>& claimed, Instant now) {
    std::vector<SendRow> settled, left;
    std::erase_if(claimed, [&](LeasedStep const& leased) {
        auto const& enrollment = leased.due.enrollment;
        auto const event = core::without_a_decision(leased.state, enrollment.active && enrollment.plan == leased.due.step.plan);
        if (!event) return false;
        auto row = row_of(leased);
        row.state = core::next(leased.state, *event).value();
        if (row.state.message == MessageStatus::sent) left.push_back(row);
        settled.push_back(std::move(row));
        return true;
    });
    save_steps(tx, settled);
    for (auto const& row : left) save_status(tx, row, core::reason_of(row.state), now);
    complete_enrollments(tx, left, now);
}

}  // namespace

SendRow row_of(LeasedStep const& leased) {
    auto const& step = leased.due.step;
    return {leased.due.shop.id, step.enrollment_id, step.plan, step.step, leased.state, leased.message_id, step.wait, step.planned_at};
}

ClaimedSteps claim_due(pqxx::work& tx, Instant now, std::size_t max) {
    share_pauses(tx);
    Truth truth(tx, now);
    std::vector<std::string> shops, persons;
    for (auto const& row : exec(tx, lock_due_persons, to_millis(now), max)) {
        shops.push_back(text(row[0]));
        persons.push_back(text(row[1]));
        truth.add_person(shops.back(), document<Person>(row[2]));
    }
    std::vector<LeasedStep> claimed;
    for (auto const& row : exec(tx, claim, to_millis(now), max, text_array(shops), text_array(persons)))
        claimed.push_back(step_of(row));
    core::order_claimed(claimed);
    std::vector<DueStep*> due;
    for (auto& leased : claimed) due.push_back(&leased.due);
    truth.gather(due);
    add_pauses(tx, due);
    settle_without_a_decision(tx, claimed, now);
    auto const released = claimed.empty() ? 0 : release_stopped(tx, claimed);
    return {std::move(claimed), released};
}

}  // namespace recoup::postgres
