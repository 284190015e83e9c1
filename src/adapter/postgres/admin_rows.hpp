#pragma once
// From rows of the admin store's statements to values; the order of columns is the statements'.

#include "adapter/postgres/statement.hpp"

#include "recoup/port/admin_store.hpp"

namespace recoup::postgres::admin_rows {

/// From extract(epoch ...); `never` for null.
Instant epoch(pqxx::field const& field);
std::int64_t integer(pqxx::field const& field);

void read(pqxx::row const& row, EventRow& out);
void read(pqxx::row const& row, PersonRow& out);
void read(pqxx::row const& row, CartRow& out);
void read(pqxx::row const& row, EnrollmentRow& out);
void read(pqxx::row const& row, MessageRow& out);
void read(pqxx::row const& row, DecisionRow& out);
void read(pqxx::row const& row, OrderRow& out);
void read(pqxx::row const& row, ExportRow& out);

/// Where a list continues behind this row.
PageKey key_of(EventRow const& row);
PageKey key_of(PersonRow const& row);
PageKey key_of(CartRow const& row);
PageKey key_of(EnrollmentRow const& row);
PageKey key_of(MessageRow const& row);
PageKey key_of(DecisionRow const& row);
PageKey key_of(OrderRow const& row);
PageKey key_of(ExportRow const& row);

}  // namespace recoup::postgres::admin_rows
