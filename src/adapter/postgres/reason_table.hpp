#pragma once
// The closed set of reasons (domain/decision.hpp) as a table, so that SQL has the names that code, API and metrics have.

#include "adapter/postgres/statement.hpp"

namespace recoup::postgres {

/// Makes the table say what this program knows.
void write_reasons(pqxx::work& tx);

}  // namespace recoup::postgres
