#pragma once
// Allowed hours of a channel in the recipient's own wall time (47 CFR 64.1200(c)(1) names 8:00 to 21:00 for the US).

#include "recoup/base/result.hpp"
#include "recoup/base/time.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace recoup::core {

/// Minutes of the local day in which nothing is sent: [from, until), wrapping over midnight. Equal = none.
struct QuietHours {
    int from_minute = 0;
    int until_minute = 0;
    bool none() const { return from_minute == until_minute; }
    bool holds(int minute) const {
        if (none()) return false;
        return from_minute < until_minute ? minute >= from_minute && minute < until_minute
                                          : minute >= from_minute || minute < until_minute;
    }
};

/// "21:00-08:00"; empty = none. Errc::invalid otherwise.
Result<QuietHours> parse_quiet_hours(std::string_view text);

/// True when `at` is quiet in any of the zones.
bool is_quiet(Instant at, std::vector<std::string> const& zones, QuietHours const& quiet);

}  // namespace recoup::core
