#pragma once
// Calls and statements that are not written here, and why: see style.md's sources in src/README.md.

#include "tidy/tree.hpp"

namespace recoup::tidy {

/// Reading the machine's clock, randomness or environment outside src/base and src/app.
Findings check_injected(Files const& files);
/// SQL put together at run time in an exec call.
Findings check_sql_built(Files const& files);
/// The database's own clock in SQL: now is a parameter of every statement.
Findings check_sql_clock(Files const& files);
/// A braced aggregate or a capturing lambda inside an expression with co_await: GCC 12 destroys it twice.
Findings check_co_await(Files const& files);

}  // namespace recoup::tidy
