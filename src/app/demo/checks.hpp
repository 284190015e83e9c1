#pragma once
// The promises that make Recoup trustworthy, checked against what the store knows.

#include "app/demo/report.hpp"

#include <span>

namespace recoup::demo {

std::vector<Check> check_promises(Plan const& plan, std::span<Known const> ledger, Evidence const& evidence);

/// Index into Plan::shoppers by email and by phone.
std::map<std::string_view, std::size_t> shoppers_by_address(Plan const& plan);

/// Enrollments that a failed payment opened; their messages rightly follow an unpaid order.
bool is_payment(SentMessage const& message, std::map<std::string_view, EnrollmentSeen const*> const& enrollments);
std::map<std::string_view, EnrollmentSeen const*> by_id(std::span<EnrollmentSeen const> enrollments);

}  // namespace recoup::demo
