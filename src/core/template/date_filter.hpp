#pragma once
// The `date` filter: strftime's common letters over RFC 3339 text or Unix seconds, in UTC.

#include "core/template/value.hpp"

#include <string>
#include <string_view>

namespace recoup::core::liquid {

/// %Y %y %m %B %b %d %e %A %a %H %I %M %S %p %j %%; other letters print as they are. What is no date prints unchanged.
/// There is no "now": a message's dates come from its variables.
std::string format_date(Value const& date, std::string_view format);

}  // namespace recoup::core::liquid
