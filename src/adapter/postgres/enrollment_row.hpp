#pragma once
// Enrollments, steps and decisions as rows: shared by tracking and scheduling.

#include "adapter/postgres/statement.hpp"

#include "recoup/domain/enrollment.hpp"

namespace recoup::postgres {

/// Active enrollments of these persons, locked.
std::vector<Enrollment> lock_active_enrollments(pqxx::work& tx, std::string const& shop_id,
                                                std::vector<std::string> const& person_ids);

/// Columns in the order of enrollment_columns.
inline constexpr int enrollment_columns = 18;
Enrollment enrollment_of(pqxx::row const& row, int first = 0);

/// With all their steps, in a transaction that shares the edges.
void insert_enrollments(pqxx::work& tx, std::string const& shop_id, std::vector<Enrollment> const& enrollments,
                        std::vector<PlannedStep> const& steps);
/// The same enrollment with a new plan and its steps: older ones become void. Likewise.
void replan_enrollment(pqxx::work& tx, std::string const& shop_id, Enrollment const& enrollment,
                       std::vector<PlannedStep> const& steps);
void end_enrollments(pqxx::work& tx, std::string const& shop_id,
                     std::vector<std::pair<std::string, Reason>> const& ended, Instant now);
void insert_decisions(pqxx::work& tx, std::string const& shop_id, std::vector<Decision> const& decisions);

/// Carts that were opened in this shop so far; counting ends at `up_to`.
std::int64_t count_abandonments(pqxx::work& tx, std::string const& shop_id, std::int64_t up_to);

}  // namespace recoup::postgres
