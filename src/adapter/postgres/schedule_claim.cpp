// Claiming due steps and gathering what they are decided on.
#include "adapter/postgres/detour_board.hpp"
#include "adapter/postgres/enrollment_row.hpp"
#include "adapter/postgres/log_stop.hpp"
#include "adapter/postgres/outbox_store.hpp"
#include "adapter/postgres/schedule_store.hpp"
#include "adapter/postgres/shop_cap.hpp"
#include "adapter/postgres/truth.hpp"
#include "core/plan/stops.hpp"

#include <algorithm>

namespace recoup::postgres {
namespace {

// The first try of a first plan has no message yet.
#define MESSAGE_OF_STEP                                                                                               \
    "left join lateral (select * from message m where (s.attempt > 0 or s.plan > 1) and m.shop_id = s.shop_id "        \
    "and m.enrollment_id = s.enrollment_id and m.step = s.step offset 0) m on true"

// A lease is taken at once; the columns are those of the lease, and what is read is undone for what is not sent.
constexpr Statement claim_leases{
    "schedule_claim_leases",
    "with held as (update lease set state = 'sending', lease_token = lease_token + 1, attempt = attempt + 1, "
    "lease_until = at_ms($3) where ctid = any (array(select l.ctid from lease l where l.state = 'planned' "
    "and l.due_at >= (select low from edges) and l.due_at <= at_ms($1) order by l.due_at limit $2 "
    "for update skip locked)) returning *), s as (select shop_id, enrollment_id, plan, step, 'planned' as state, due_at, "
    "lease_token - 1 as lease_token, null::timestamptz as lease_until, attempt - 1 as attempt, wait, planned_at, channel from held) "
    "select " SEND_STATE_COLUMNS ", s.channel, m.adapter, m.request_hash from s " MESSAGE_OF_STEP};

// Nothing when somebody else has the batch; the steps of plans that do not count any more go with it.
constexpr Statement claim_batch{
    "schedule_claim_batch",
    "with held as (delete from batch where ctid = any (array(select b.ctid from batch b where b.batch_id = $1 for update skip locked)) "
    "returning batch_id), s as (select t.shop_id, t.enrollment_id, t.plan, t.step, 'planned' as state, t.due_at, 0 as lease_token, "
    "null::timestamptz as lease_until, 0 as attempt, '' as wait, t.planned_at, t.channel from held, step t, "
    "lateral (select from enrollment e where e.shop_id = t.shop_id and e.enrollment_id = t.enrollment_id and e.plan = t.plan "
    "and e.status <> 'ended' offset 0) as living where t.due_at >= to_timestamp($2::bigint / 1000.0::float8) "
    "and t.due_at < to_timestamp($3::bigint / 1000.0::float8)) "
    "select " SEND_STATE_COLUMNS ", s.channel, m.adapter, m.request_hash from s " MESSAGE_OF_STEP};

constexpr Statement insert_claim{"schedule_insert_claim",
                                 "insert into claim (lease_until, first_due_at, last_due_at) values (at_ms($1), at_ms($2), at_ms($3))"};

// Who each enrollment belongs to, locked if free; the last column: somebody else holds it.
constexpr Statement lock_persons{
    "schedule_lock_persons",
    "select e.shop_id, e.enrollment_id, e.person_id, p.doc, p.person_id is not null, p.person_id is null and exists (select 1 "
    "from person held where held.shop_id = e.shop_id and held.person_id = e.person_id) "
    "from unnest($1::text[], $2::text[]) as w(shop_id, enrollment_id) "
    "join enrollment e on e.shop_id = w.shop_id and e.enrollment_id = w.enrollment_id "
    "left join lateral (select * from person p where p.shop_id = e.shop_id and p.person_id = e.person_id for update skip locked) p on true"};

using Named = std::map<std::string, Shared<Shop>>;   // shops of which no more is known yet than their id

Shared<Shop> const& shop_named(std::string const& id, Named& named) {
    auto const [it, added] = named.try_emplace(id);
    if (added) it->second.own().id = id;
    return it->second;
}

LeasedStep step_of(pqxx::row const& row, Named& named) {
    auto const send = send_row(row);
    LeasedStep leased;
    leased.state = send.state;
    auto& step = leased.due.step;
    leased.due.shop = shop_named(send.shop_id, named);
    step.enrollment_id = send.enrollment_id;
    step.plan = send.plan;
    step.step = send.step;
    step.channel = channel_from(text(row[send_state_columns])).value_or(Channel::email);
    step.planned_at = send.planned_at;
    step.wait = send.wait;
    step.due_at = send.state.due_at;
    leased.due.attempt = leased.state.attempt;
    if (send.state.message)
        leased.due.tried = DueStep::Tried{*send.state.message, text(row[send_state_columns + 1]), text(row[send_state_columns + 2])};
    leased.message_id = send.message_id;
    return leased;
}

using Key = std::pair<std::string, std::string>;   // shop, id

std::vector<std::string> firsts(std::set<Key> const& keys) {
    std::vector<std::string> out;
    for (auto const& key : keys) out.push_back(key.first);
    return out;
}

std::vector<std::string> seconds(std::set<Key> const& keys) {
    std::vector<std::string> out;
    for (auto const& key : keys) out.push_back(key.second);
    return out;
}

/// Takes those out of `claimed` that `gone` names; they are planned as they were.
template <class Gone>
std::size_t let_go(pqxx::work& tx, std::vector<LeasedStep>& claimed, Gone gone) {
    std::vector<SendRow> rows;
    std::erase_if(claimed, [&](LeasedStep const& leased) {
        bool const goes = gone(leased);
        if (goes) rows.push_back(row_of(leased));
        return goes;
    });
    save_steps(tx, rows);
    return rows.size();
}

/// The steps that are due first and that nobody else holds, in the order in which they are decided, with no more than where their
/// sends stood before. Leases are being sent in their table; whoever does not send one says so there.
std::pair<std::vector<LeasedStep>, std::size_t> take_steps(pqxx::work& tx, Takeable const& takeable, Instant lease_until, std::size_t most) {
    std::vector<LeasedStep> taken;
    Named named;
    if (auto const& batch = takeable.batch)
        for (auto const& row : exec(tx, claim_batch, batch->id, to_millis(batch->from), to_millis(batch->to))) {
            taken.push_back(step_of(row, named));
            taken.back().in_lease = false;
        }
    auto const fresh = taken.size();
    for (auto const& row : exec(tx, claim_leases, to_millis(takeable.until), most, to_millis(lease_until))) taken.push_back(step_of(row, named));
    auto const leases = taken.size() - fresh;
    core::order_claimed(taken);
    std::size_t place = 0;
    if (taken.size() > most) let_go(tx, taken, [&](LeasedStep const&) { return place++ >= most; });
    return {std::move(taken), leases};
}

/// Locks the persons that are free. Steps of those that somebody else holds are let go; steps of persons that are gone
/// (erased) stay, so that they end. Returns who each enrollment belongs to.
std::map<Key, std::string> hold_persons(pqxx::work& tx, std::vector<LeasedStep>& claimed, Truth& truth) {
    std::set<Key> enrollments, busy;
    for (auto const& leased : claimed) enrollments.insert({leased.due.shop->id, leased.due.step.enrollment_id});
    std::map<Key, std::string> person_of;
    for (auto const& row : exec(tx, lock_persons, text_array(firsts(enrollments)), text_array(seconds(enrollments)))) {
        Key const enrollment{text(row[0]), text(row[1])};
        person_of[enrollment] = text(row[2]);
        if (row[4].as<bool>()) truth.add_person(enrollment.first, document<Person>(row[3]));
        if (row[5].as<bool>()) busy.insert(enrollment);
    }
    let_go(tx, claimed, [&](LeasedStep const& leased) {
        Key const enrollment{leased.due.shop->id, leased.due.step.enrollment_id};
        return busy.contains(enrollment) || !person_of.contains(enrollment);
    });
    return person_of;
}

Cart const* cart_of(DueStep const& due) { return due.cart ? &*due.cart : nullptr; }

/// Steps of persons about whom something is durable that is not folded yet stay as they are: their time is right after it. All
/// do while some instance acknowledges events that are not on the log.
std::size_t release_stopped(pqxx::work& tx, std::vector<LeasedStep>& claimed) {
    if (detour_raised(tx)) return let_go(tx, claimed, [](LeasedStep const&) { return true; });
    std::vector<std::int64_t> hashes;
    std::vector<std::vector<std::int64_t>> own;
    for (auto const& leased : claimed) {
        own.push_back(core::stoppable_by(leased.due.shop->id, leased.due.person, cart_of(leased.due)));
        hashes.insert(hashes.end(), own.back().begin(), own.back().end());
    }
    std::sort(hashes.begin(), hashes.end());
    hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
    auto const pending = pending_stops(tx, hashes);
    if (pending.empty()) return 0;
    std::size_t index = 0;
    return let_go(tx, claimed, [&](LeasedStep const&) {
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
    return {leased.due.shop->id, step.enrollment_id, step.plan, step.step, leased.state, leased.message_id, step.wait,
            step.planned_at, leased.goes_on, leased.in_lease, step.channel};
}

void note_claim(pqxx::work& tx, Instant lease_until, std::vector<SendRow> const& sent) {
    if (sent.empty()) return;
    auto const [first, last] = std::minmax_element(sent.begin(), sent.end(), [](SendRow const& a, SendRow const& b) {
        return a.state.due_at < b.state.due_at;
    });
    exec(tx, insert_claim, to_millis(lease_until), to_millis(first->state.due_at), to_millis(last->state.due_at));
}

ClaimedSteps claim_due(pqxx::work& tx, Takeable const& takeable, Instant now, Instant lease_until, ClaimSize const& size) {
    share_pauses(tx);
    Truth truth(tx, now);
    auto [claimed, leases] = take_steps(tx, takeable, lease_until, size.steps);
    if (claimed.empty()) return {};
    auto const person_of = hold_persons(tx, claimed, truth);
    std::vector<DueStep*> due;
    for (auto& leased : claimed) due.push_back(&leased.due);
    truth.gather(due);
    let_go(tx, claimed, [&](LeasedStep const& leased) {   // merged into somebody else meanwhile
        auto const& enrollment = leased.due.enrollment;
        return person_of.at({leased.due.shop->id, enrollment.id}) != enrollment.person_id;
    });
    due.clear();
    for (auto& leased : claimed) due.push_back(&leased.due);
    for (auto& leased : claimed) leased.goes_on = truth.goes_on(leased.due.shop->id, leased.due.enrollment.id);
    add_pauses(tx, due);
    add_shop_left(tx, due, now, size.shop);
    settle_without_a_decision(tx, claimed, now);
    auto const released = claimed.empty() ? 0 : release_stopped(tx, claimed);
    return {std::move(claimed), released, leases};
}

}  // namespace recoup::postgres
