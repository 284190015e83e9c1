// Claiming due steps and gathering what they are decided on.
#include "adapter/postgres/detour_board.hpp"
#include "adapter/postgres/enrollment_row.hpp"
#include "adapter/postgres/log_stop.hpp"
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
    "with due as (select s.shop_id, s.enrollment_id, s.plan, s.step from step s "
    " join enrollment e using (shop_id, enrollment_id) "
    " where s.state = 'planned' and s.due_at <= at_ms($1) and ("
    "  (e.shop_id, e.person_id) in (select * from unnest($4::text[], $5::text[])) "
    "  or not exists (select 1 from person p where p.shop_id = e.shop_id and p.person_id = e.person_id)) "
    " order by s.due_at limit $2 for update of s skip locked) "
    "update step s set state = 'sending', lease_token = s.lease_token + 1, lease_until = at_ms($3), attempt = s.attempt + 1 "
    "from due where s.shop_id = due.shop_id and s.enrollment_id = due.enrollment_id and s.plan = due.plan "
    "and s.step = due.step "
    "returning s.shop_id, s.enrollment_id, s.plan, s.step, s.channel, ms_of(s.planned_at), ms_of(s.due_at), "
    "s.lease_token, s.attempt"};

constexpr Statement void_step{"schedule_void_step",
                              "update step set state = 'void' where shop_id = $1 and enrollment_id = $2 and plan = $3 "
                              "and step = $4"};

constexpr Statement release_step{
    "schedule_release_step",
    "update step set state = 'planned', lease_until = null, attempt = attempt - 1 where shop_id = $1 and enrollment_id = $2 "
    "and plan = $3 and step = $4"};

LeasedStep step_of(pqxx::row const& row) {
    LeasedStep leased;
    auto& step = leased.due.step;
    leased.due.shop.id = text(row[0]);
    step.enrollment_id = text(row[1]);
    step.plan = row[2].as<int>();
    step.step = row[3].as<int>();
    step.channel = channel_from(text(row[4])).value_or(Channel::email);
    step.planned_at = instant(row[5]);
    step.due_at = instant(row[6]);
    leased.lease_token = row[7].as<std::int64_t>();
    leased.due.attempt = row[8].as<int>() - 1;
    return leased;
}

Cart const* cart_of(DueStep const& due) { return due.cart ? &*due.cart : nullptr; }

void release(pqxx::work& tx, LeasedStep const& leased) {
    auto const& step = leased.due.step;
    exec(tx, release_step, leased.due.shop.id, step.enrollment_id, step.plan, step.step);
}

/// Steps of persons about whom something is durable that is not folded yet go back: their time is right after it. All go back
/// while some instance acknowledges events that are not on the log.
std::size_t release_stopped(pqxx::work& tx, std::vector<LeasedStep>& claimed) {
    if (detour_raised(tx)) {
        for (auto const& leased : claimed) release(tx, leased);
        return std::exchange(claimed, {}).size();
    }
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
    return std::erase_if(claimed, [&](LeasedStep const& leased) {
        auto const& mine = own[index++];
        if (std::none_of(mine.begin(), mine.end(), [&](std::int64_t hash) { return pending.contains(hash); })) return false;
        release(tx, leased);
        return true;
    });
}

}  // namespace

ClaimedSteps claim_due(pqxx::work& tx, Instant now, Instant lease_until, std::size_t max) {
    Truth truth(tx, now);
    std::vector<std::string> shops, persons;
    for (auto const& row : exec(tx, lock_due_persons, to_millis(now), max)) {
        shops.push_back(text(row[0]));
        persons.push_back(text(row[1]));
        truth.add_person(shops.back(), document<Person>(row[2]));
    }
    std::vector<LeasedStep> claimed;
    for (auto const& row :
         exec(tx, claim, to_millis(now), max, to_millis(lease_until), text_array(shops), text_array(persons)))
        claimed.push_back(step_of(row));
    core::order_claimed(claimed);
    std::vector<DueStep*> due;
    for (auto& leased : claimed) due.push_back(&leased.due);
    truth.gather(due);
    std::erase_if(claimed, [&](LeasedStep const& leased) {
        auto const& step = leased.due.step;
        if (leased.due.enrollment.active && leased.due.enrollment.plan == step.plan) return false;
        exec(tx, void_step, leased.due.shop.id, step.enrollment_id, step.plan, step.step);
        return true;
    });
    auto const released = claimed.empty() ? 0 : release_stopped(tx, claimed);
    return {std::move(claimed), released};
}

}  // namespace recoup::postgres
