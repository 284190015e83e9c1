#include "core/law/quiet_hours.hpp"

#include "core/law/local_time.hpp"

#include <algorithm>

namespace recoup::core {
namespace {

int minute_of(std::string_view text) {  // "HH:MM" or -1
    if (text.size() != 5 || text[2] != ':') return -1;
    for (std::size_t i : {0U, 1U, 3U, 4U})
        if (text[i] < '0' || text[i] > '9') return -1;
    int const hour = (text[0] - '0') * 10 + (text[1] - '0'), minute = (text[3] - '0') * 10 + (text[4] - '0');
    return hour > 24 || minute > 59 || hour * 60 + minute > 1440 ? -1 : hour * 60 + minute;
}

}  // namespace

Result<QuietHours> parse_quiet_hours(std::string_view text) {
    if (text.empty()) return QuietHours{};
    auto const dash = text.find('-');
    QuietHours quiet;
    quiet.from_minute = dash == std::string_view::npos ? -1 : minute_of(text.substr(0, dash));
    quiet.until_minute = dash == std::string_view::npos ? -1 : minute_of(text.substr(dash + 1));
    if (quiet.from_minute < 0 || quiet.until_minute < 0)
        return error(Errc::invalid, "quiet hours are written \"21:00-08:00\" (local time of the recipient), or left empty");
    return quiet;
}

bool is_quiet(Instant at, std::vector<std::string> const& zones, QuietHours const& quiet) {
    if (quiet.none()) return false;
    return std::any_of(zones.begin(), zones.end(),
                       [&](std::string const& zone) { return quiet.holds(LocalTime(zone).minute(at)); });
}

}  // namespace recoup::core
