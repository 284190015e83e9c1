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

// A lease is taken at once; the columns are those of the lease before it was. The first try of a first plan has no message yet.
constexpr Statement claim_leases{
    "schedule_claim_leases",
    "with held as (update lease set state = 'sending', lease_token = lease_token + 1, attempt = attempt + 1, "
    "lease_until = at_ms($3) where ctid = any (array(select l.ctid from lease l where l.state = 'planned' "
    "and l.due_at >= (select low from edges) and l.due_at <= at_ms($1) order by l.due_at limit $2 "
    "for update skip locked)) returning *), s as (select shop_id, enrollment_id, plan, step, 'planned' as state, due_at, "
    "lease_token - 1 as lease_token, null::timestamptz as lease_until, attempt - 1 as attempt, wait, planned_at, channel from held) "
    "select " SEND_STATE_COLUMNS ", s.channel, e.person_id, m.adapter, m.request_hash from s "
    "left join lateral (select * from enrollment e where (e.shop_id = s.shop_id) is true and e.enrollment_id = s.enrollment_id offset 0) e on true "
    "left join lateral (select * from message m where (s.attempt > 0 or s.plan > 1) and (m.shop_id = s.shop_id) is true "
    "and m.enrollment_id = s.enrollment_id and m.step = s.step offset 0) m on true"};

// What was tried under an earlier plan.
constexpr Statement load_tried{
    "schedule_load_tried",
    "select w.place, m.message_id, m.status, m.feedback is not null, m.adapter, m.request_hash "
    "from unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[]) as w(place, shop_id, enrollment_id, step), lateral (select * from message m "
    "where (m.shop_id = w.shop_id) is true and m.enrollment_id = w.enrollment_id and m.step = w.step offset 0) as m"};

constexpr Statement insert_claim{"schedule_insert_claim",
                                 "insert into claim (lease_until, first_due_at, last_due_at) values (at_ms($1), at_ms($2), at_ms($3))"};

// Locked if free; the last column: somebody else holds it.
constexpr Statement lock_persons{
    "schedule_lock_persons",
    "select w.shop_id, w.person_id, p.doc, p.person_id is not null, p.person_id is null and exists (select 1 "
    "from person held where (held.shop_id = w.shop_id) is true and held.person_id = w.person_id) "
    "from unnest($1::text[], $2::text[]) as w(shop_id, person_id) "
    "left join lateral (select * from person p where (p.shop_id = w.shop_id) is true and p.person_id = w.person_id for update skip locked) p on true"};

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
    leased.person_id = text(row[send_state_columns + 1]);
    leased.due.attempt = leased.state.attempt;
    if (send.state.message)
        leased.due.tried = DueStep::Tried{*send.state.message, text(row[send_state_columns + 2]), text(row[send_state_columns + 3])};
    leased.message_id = send.message_id;
    return leased;
}

LeasedStep step_of(BatchStep const& taken, Named& named) {
    LeasedStep leased;
    leased.in_lease = false;
    leased.person_id = taken.person_id;
    leased.state.due_at = taken.step.due_at;
    leased.state.lease_until = never;
    leased.due.shop = shop_named(taken.shop_id, named);
    leased.due.step = taken.step;
    return leased;
}

void add_tried(pqxx::work& tx, std::vector<LeasedStep>& steps) {
    constexpr auto number = Rows::Type::bigint;
    Rows asked{{"place", number}, {"shop_id"}, {"enrollment_id"}, {"step", number}};
    for (std::size_t place = 0; place < steps.size(); ++place)
        if (auto const& due = steps[place].due; due.step.plan > 1)
            asked.row().put("place", static_cast<std::int64_t>(place)).put("shop_id", due.shop->id).put("enrollment_id", due.step.enrollment_id).put("step", due.step.step);
    if (asked.empty()) return;
    for (auto const& row : exec_rows(tx, load_tried, {}, asked)) {
        auto& leased = steps[row[0].as<std::size_t>()];
        leased.message_id = text(row[1]);
        leased.state.message = message_status_from(text(row[2])).value_or(MessageStatus::unknown);
        leased.state.came_back = row[3].as<bool>();
        leased.due.tried = DueStep::Tried{*leased.state.message, text(row[4]), text(row[5])};
    }
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
    for (auto const& batch : takeable.batches)
        if (hold_batch(tx, batch))
            for (auto const& step : batch.steps) taken.push_back(step_of(step, named));
    add_tried(tx, taken);
    auto const fresh = taken.size();
    for (auto const& row : exec(tx, claim_leases, to_millis(takeable.until), most, to_millis(lease_until))) taken.push_back(step_of(row, named));
    auto const leases = taken.size() - fresh;
    core::order_claimed(taken);
    std::size_t place = 0;
    if (taken.size() > most) let_go(tx, taken, [&](LeasedStep const&) { return place++ >= most; });
    return {std::move(taken), leases};
}

/// Locks the persons that are free. Steps of those that somebody else holds are let go; steps of persons that are gone
/// (erased) stay, so that they end.
void hold_persons(pqxx::work& tx, std::vector<LeasedStep>& claimed, Truth& truth) {
    std::set<Key> persons, busy;
    for (auto const& leased : claimed) persons.insert({leased.due.shop->id, leased.person_id});
    for (auto const& row : exec(tx, lock_persons, text_array(firsts(persons)), text_array(seconds(persons)))) {
        Key const person{text(row[0]), text(row[1])};
        if (row[3].as<bool>()) truth.add_person(person.first, document<Person>(row[2]));
        if (row[4].as<bool>()) busy.insert(person);
    }
    let_go(tx, claimed, [&](LeasedStep const& leased) { return leased.person_id.empty() || busy.contains({leased.due.shop->id, leased.person_id}); });
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
    hold_persons(tx, claimed, truth);
    std::vector<DueStep*> due;
    for (auto& leased : claimed) due.push_back(&leased.due);
    truth.gather(due);
    let_go(tx, claimed, [&](LeasedStep const& leased) {   // merged into somebody else meanwhile
        return leased.person_id != leased.due.enrollment.person_id;
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
