#include "adapter/postgres/enrollment_row.hpp"

#include "adapter/postgres/edges.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace recoup::postgres {
namespace {

#define ENROLLMENT_COLUMNS                                                                                             \
    "e.enrollment_id, e.person_id, e.cart_id, e.payment_id, e.trigger, e.sequence, e.sequence_version, e.arm, "        \
    "e.status = 'active', e.reason, e.end_reason, ms_of(e.anchor_at), ms_of(e.opened_at), ms_of(e.ended_at), e.plan, " \
    "exists (select 1 from message m where (m.shop_id = e.shop_id) is true and m.enrollment_id = e.enrollment_id), "   \
    "e.value_minor, e.currency"

constexpr Statement lock_active{"enrollment_lock_active",
                                "select found.* from unnest($2::text[]) as w(id), lateral (select " ENROLLMENT_COLUMNS
                                " from enrollment e where (e.shop_id = $1) is true and e.person_id = w.id and "
                                "e.status = 'active' for update of e) as found order by 1"};

constexpr Statement insert_enrollment{
    "enrollment_insert",
    "insert into enrollment (shop_id, enrollment_id, person_id, cart_id, payment_id, trigger, sequence, sequence_version, "
    "arm, status, reason, anchor_at, opened_at, plan, value_minor, currency, last_due_at, due_ms) "
    "select $1, r.id, r.person_id, r.cart_id, r.payment_id, r.trigger, r.sequence, r.sequence_version, r.arm, 'active', "
    "r.reason, at_ms(r.anchor_at), at_ms(r.opened_at), r.plan, r.value_minor, r.currency, at_ms(r.last_due_at), r.due_ms::bigint[] "
    "from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::text[], $10::text[], "
    "$11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::text[], $16::bigint[], $17::text[]) as r(id, person_id, cart_id, "
    "payment_id, trigger, sequence, sequence_version, arm, reason, anchor_at, opened_at, plan, value_minor, currency, last_due_at, due_ms) on conflict (shop_id, enrollment_id) do nothing"};

constexpr Statement replan{"enrollment_replan",
                           "update enrollment set plan = $3, anchor_at = at_ms($4), value_minor = $5, currency = $6, last_due_at = at_ms($7), "
                           "due_ms = $8::bigint[] "
                           "where shop_id = $1 and enrollment_id = $2 and status <> 'ended'"};

// Steps that were not taken yet are cancelled by the enrollment alone.
constexpr Statement void_steps{"enrollment_void_steps",
                               "update lease set state = 'void' where shop_id = $1 and enrollment_id = $2 and plan < $3 "
                               "and state = 'planned'"};

constexpr Statement end_enrollment{
    "enrollment_end",
    "update enrollment e set status = 'ended', end_reason = r.reason, ended_at = at_ms($2) "
    "from unnest($3::text[], $4::text[]) as r(id, reason) "
    "where e.shop_id = $1 and e.enrollment_id = r.id and e.status <> 'ended'"};

constexpr Statement end_steps{
    "enrollment_end_steps",
    "update lease set state = 'void' where shop_id = $1 and enrollment_id = any ($2::text[]) and state = 'planned'"};

constexpr Statement insert_decision{
    "decision_insert",
    "insert into decision (shop_id, decision_id, subject, verdict, reason, at, move_to, enrollment_id, person_id, cart_id, "
    "message_id, step, sequence_version, law, trace, score) "
    "select $1, r.id, r.subject, r.verdict, r.reason, at_ms(r.at), at_ms(r.move_to), r.enrollment_id, r.person_id, "
    "r.cart_id, r.message_id, r.step, r.sequence_version, r.law, r.trace, r.score "
    "from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::text[], $9::text[], $10::text[], "
    "$11::text[], $12::bigint[], $13::bigint[], $14::text[], $15::json[], $16::json[]) as r(id, subject, verdict, reason, at, move_to, "
    "enrollment_id, person_id, cart_id, message_id, step, sequence_version, law, trace, score) "
    "on conflict (shop_id, at, decision_id) do nothing"};

constexpr Statement count_opened{
    "enrollment_count_opened",
    "select count(*) from (select 1 from enrollment where shop_id = $1 and trigger in ('cart', 'checkout') limit $2) as seen"};

constexpr auto json = Rows::Type::json, bigint = Rows::Type::bigint;

/// When the steps of a plan are due.
struct DueTimes {
    Instant last{};       // never = none
    std::string ms{'{'};  // an array that is still open

    void add(Instant at) {
        last = std::max(last, at);
        if (ms.size() > 1) ms += ',';
        ms += std::to_string(to_millis(at));
    }
};

using DueOf = std::map<std::string, DueTimes>;   // by enrollment

DueOf due_of(std::vector<PlannedStep> const& steps) {
    DueOf due;
    for (auto const& step : steps) due[step.enrollment_id].add(step.due_at);
    return due;
}

DueTimes due_of(DueOf const& due, std::string const& enrollment_id) {
    auto const it = due.find(enrollment_id);
    return it == due.end() ? DueTimes{} : it->second;
}

void add_row(Rows& rows, Enrollment const& enrollment, DueTimes const& due) {
    rows.row()
        .put("id", enrollment.id)
        .put("person_id", enrollment.person_id)
        .put_text("cart_id", enrollment.cart_id)
        .put_text("payment_id", enrollment.payment_id)
        .put("trigger", name(enrollment.trigger))
        .put("sequence", enrollment.sequence)
        .put("sequence_version", enrollment.sequence_version)
        .put("arm", name(enrollment.arm))
        .put("reason", name(enrollment.reason))
        .put("anchor_at", to_millis(enrollment.anchor_at))
        .put("opened_at", to_millis(enrollment.opened_at))
        .put("plan", enrollment.plan)
        .put("value_minor", enrollment.value_minor)
        .put("currency", enrollment.currency)
        .put("last_due_at", to_millis(due.last))
        .put("due_ms", due.ms + '}');
}

void add_row(Rows& rows, Decision const& decision) {
    rows.row()
        .put("id", decision.id)
        .put("subject", decision.subject)
        .put("verdict", name(decision.verdict))
        .put("reason", name(decision.reason))
        .put("at", to_millis(decision.at))
        .put("move_to", to_millis(decision.move_to))
        .put_text("enrollment_id", decision.enrollment_id)
        .put_text("person_id", decision.person_id)
        .put_text("cart_id", decision.cart_id)
        .put_text("message_id", decision.message_id)
        .put_text("law", decision.law)
        .document("trace", decision.trace);
    if (decision.step >= 0) rows.put("step", decision.step);
    if (decision.sequence_version > 0) rows.put("sequence_version", decision.sequence_version);
    if (decision.score) rows.document("score", *decision.score);
}

Rows enrollment_rows() {
    return {{"id"},  {"person_id"}, {"cart_id"},           {"payment_id"},        {"trigger"},      {"sequence"}, {"sequence_version", bigint},
            {"arm"}, {"reason"},    {"anchor_at", bigint}, {"opened_at", bigint}, {"plan", bigint}, {"value_minor", bigint}, {"currency"}, {"last_due_at", bigint}, {"due_ms"}};
}

Rows decision_rows() {
    return {{"id"},        {"subject"}, {"verdict"},    {"reason"},       {"at", bigint},  {"move_to", bigint}, {"enrollment_id"},
            {"person_id"}, {"cart_id"}, {"message_id"}, {"step", bigint}, {"sequence_version", bigint}, {"law"},
            {"trace", json}, {"score", json}};
}

}  // namespace

Enrollment enrollment_of(pqxx::row const& row, int first) {
    auto const at = [&](int column) { return row[first + column]; };
    Enrollment out;
    out.id = text(at(0));
    out.person_id = text(at(1));
    out.cart_id = text(at(2));
    out.payment_id = text(at(3));
    out.trigger = trigger_from(text(at(4))).value_or(Trigger::cart);
    out.sequence = text(at(5));
    out.sequence_version = at(6).as<int>();
    out.arm = text(at(7)) == "holdout" ? Arm::holdout : Arm::treated;
    out.active = at(8).as<bool>();
    out.reason = reason_from(text(at(9))).value_or(Reason::idle);
    out.end_reason = reason_from(text(at(10))).value_or(Reason::ok);
    out.anchor_at = instant(at(11));
    out.opened_at = instant(at(12));
    out.ended_at = instant(at(13));
    out.plan = at(14).as<int>();
    out.any_sent = at(15).as<bool>();
    out.value_minor = at(16).as<std::int64_t>();
    out.currency = text(at(17));
    return out;
}

std::vector<Enrollment> lock_active_enrollments(pqxx::work& tx, std::string const& shop_id,
                                                std::vector<std::string> const& person_ids) {
    std::vector<Enrollment> out;
    for (auto const& row : exec(tx, lock_active, shop_id, text_array(person_ids))) out.push_back(enrollment_of(row));
    return out;
}

void insert_enrollments(pqxx::work& tx, std::string const& shop_id, std::vector<Enrollment> const& enrollments,
                        std::vector<PlannedStep> const& steps) {
    if (enrollments.empty()) return;
    auto rows = enrollment_rows();
    auto const due = due_of(steps);
    for (auto const& enrollment : enrollments) add_row(rows, enrollment, due_of(due, enrollment.id));
    exec_rows(tx, insert_enrollment, {shop_id}, rows);
    insert_steps(tx, shop_id, steps);
}

void replan_enrollment(pqxx::work& tx, std::string const& shop_id, Enrollment const& enrollment,
                       std::vector<PlannedStep> const& steps) {
    auto const due = due_of(due_of(steps), enrollment.id);
    exec(tx, replan, shop_id, enrollment.id, enrollment.plan, to_millis(enrollment.anchor_at), enrollment.value_minor,
         enrollment.currency, to_millis(due.last), due.ms + '}');
    exec(tx, void_steps, shop_id, enrollment.id, enrollment.plan);
    insert_steps(tx, shop_id, steps);
}

void end_enrollments(pqxx::work& tx, std::string const& shop_id,
                     std::vector<std::pair<std::string, Reason>> const& ended, Instant now) {
    if (ended.empty()) return;
    Rows rows{{"id"}, {"reason"}};
    std::set<std::string> ids;
    for (auto const& [id, reason] : ended) {
        rows.row().put("id", id).put("reason", name(reason));
        ids.insert(id);
    }
    exec_rows(tx, end_enrollment, {shop_id, to_millis(now)}, rows);
    exec(tx, end_steps, shop_id, text_array(ids));
}

void insert_decisions(pqxx::work& tx, std::string const& shop_id, std::vector<Decision> const& decisions) {
    if (decisions.empty()) return;
    auto rows = decision_rows();
    for (auto const& decision : decisions) add_row(rows, decision);
    exec_rows(tx, insert_decision, {shop_id}, rows);
}

std::int64_t count_abandonments(pqxx::work& tx, std::string const& shop_id, std::int64_t up_to) {
    return up_to <= 0 ? 0 : exec(tx, count_opened, shop_id, up_to)[0][0].as<std::int64_t>();
}

}  // namespace recoup::postgres
