#include "adapter/postgres/admin_rows.hpp"

#include "core/codec/documents.hpp"

#include <cmath>

namespace recoup::postgres::admin_rows {
namespace {

std::optional<Score> score(pqxx::field const& field) {
    if (field.is_null()) return std::nullopt;
    return core::from_json_text<Score>(field.c_str());
}

}  // namespace

Instant epoch(pqxx::field const& field) {
    return field.is_null() ? never : instant_from_millis(std::llround(field.as<double>() * 1000));
}

std::int64_t integer(pqxx::field const& field) { return field.is_null() ? 0 : field.as<std::int64_t>(); }

void read(pqxx::row const& row, EventRow& out) {
    out.id = text(row[0]);
    out.source = text(row[1]);
    out.topic = text(row[2]);
    out.kind = text(row[3]);
    out.occurred_at = epoch(row[4]);
    out.received_at = epoch(row[5]);
    out.person_id = text(row[6]);
    out.cart_id = text(row[7]);
}

void read(pqxx::row const& row, PersonRow& out) {
    out.person = core::from_json_text<Person>(row[1].c_str());
    out.person.id = text(row[0]);
    out.last_seen_at = epoch(row[2]);
}

void read(pqxx::row const& row, CartRow& out) {
    out.cart = core::from_json_text<Cart>(row[2].c_str());
    out.cart.id = text(row[0]);
    out.cart.person_id = text(row[1]);
    out.score = score(row[3]);
    out.last_activity_at = epoch(row[4]);
    if (!row[5].is_null()) out.idle_at = epoch(row[5]);
}

void read(pqxx::row const& row, EnrollmentRow& out) {
    out.id = text(row[0]);
    out.person_id = text(row[1]);
    out.cart_id = text(row[2]);
    out.payment_id = text(row[3]);
    out.trigger = text(row[4]);
    out.sequence = text(row[5]);
    out.arm = text(row[6]);
    out.status = text(row[7]);
    out.reason = text(row[8]);
    out.end_reason = text(row[9]);
    out.currency = text(row[10]);
    out.sequence_version = row[11].as<int>();
    out.plan = row[12].as<int>();
    out.value_minor = integer(row[13]);
    out.anchor_at = epoch(row[14]);
    out.opened_at = epoch(row[15]);
    out.ended_at = epoch(row[16]);
}

void read(pqxx::row const& row, MessageRow& out) {
    out.id = text(row[0]);
    out.enrollment_id = text(row[1]);
    out.person_id = text(row[2]);
    out.cart_id = text(row[3]);
    out.sequence = text(row[4]);
    out.step_name = text(row[5]);
    out.channel = text(row[6]);
    out.adapter = text(row[7]);
    out.status = text(row[8]);
    out.reason = text(row[9]);
    out.to = text(row[10]);
    out.subject = text(row[11]);
    out.text = text(row[12]);
    out.html = text(row[13]);
    out.target_url = text(row[14]);
    out.provider_id = text(row[15]);
    out.provider_code = text(row[16]);
    out.feedback = text(row[17]);
    out.step = row[18].as<int>();
    out.attempt = row[19].as<int>();
    out.incentive_percent = row[20].as<int>();
    out.planned_at = epoch(row[21]);
    out.created_at = epoch(row[22]);
    out.sent_at = epoch(row[23]);
    out.clicked_at = epoch(row[24]);
    out.opened_at = epoch(row[25]);
    out.machine_clicked_at = epoch(row[26]);
    out.machine_opened_at = epoch(row[27]);
}

void read(pqxx::row const& row, DecisionRow& out) {
    out.id = text(row[0]);
    out.subject = text(row[1]);
    out.verdict = text(row[2]);
    out.reason = text(row[3]);
    out.enrollment_id = text(row[4]);
    out.person_id = text(row[5]);
    out.cart_id = text(row[6]);
    out.message_id = text(row[7]);
    out.step = row[8].is_null() ? -1 : row[8].as<int>();
    out.trace = core::from_json_text<std::vector<TraceEntry>>(row[9].c_str());
    out.score = score(row[10]);
    out.at = epoch(row[11]);
    out.move_to = epoch(row[12]);
    out.sequence_version = row[13].is_null() ? 0 : row[13].as<int>();
    out.law = text(row[14]);
}

void read(pqxx::row const& row, OrderRow& out) {
    out.id = text(row[0]);
    out.person_id = text(row[1]);
    out.cart_id = text(row[2]);
    out.currency = text(row[3]);
    out.total_minor = integer(row[4]);
    out.refunded_minor = integer(row[5]);
    out.placed_at = epoch(row[6]);
    out.received_at = epoch(row[7]);
    out.cancelled_at = epoch(row[8]);
    out.test = row[9].as<bool>();
}

void read(pqxx::row const& row, ExportRow& out) {
    out.id = text(row[0]);
    out.person_id = text(row[1]);
    out.requested_at = epoch(row[2]);
    out.document = text(row[3]);
}

PageKey key_of(EventRow const& row) { return {row.received_at, row.id}; }
PageKey key_of(PersonRow const& row) { return {row.last_seen_at, row.person.id}; }
PageKey key_of(CartRow const& row) { return {row.last_activity_at, row.cart.id}; }
PageKey key_of(EnrollmentRow const& row) { return {row.opened_at, row.id}; }
PageKey key_of(MessageRow const& row) { return {row.planned_at, row.id}; }
PageKey key_of(DecisionRow const& row) { return {row.at, row.id}; }
PageKey key_of(OrderRow const& row) { return {row.placed_at, row.id}; }
PageKey key_of(ExportRow const& row) { return {row.requested_at, row.id}; }

}  // namespace recoup::postgres::admin_rows
