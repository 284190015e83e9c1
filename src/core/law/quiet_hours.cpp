#include "core/law/quiet_hours.hpp"

#include <date/tz.h>

namespace recoup::core {
namespace {

int local_minute(Instant at, std::string const& zone) {
    auto const local = date::locate_zone(zone)->to_local(at);
    auto const day = date::floor<date::days>(local);
    return static_cast<int>(std::chrono::duration_cast<std::chrono::minutes>(local - day).count());
}

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
    for (auto const& zone : zones) {
        int const minute = local_minute(at, zone);
        bool const inside = quiet.from_minute < quiet.until_minute
                                ? minute >= quiet.from_minute && minute < quiet.until_minute
                                : minute >= quiet.from_minute || minute < quiet.until_minute;
        if (inside) return true;
    }
    return false;
}

std::optional<Instant> next_allowed(Instant at, std::vector<std::string> const& zones, QuietHours const& quiet) {
    if (!is_quiet(at, zones, quiet)) return at;
    auto const minute = std::chrono::minutes{1};
    auto candidate = std::chrono::ceil<std::chrono::minutes>(at);
    for (auto const end = candidate + std::chrono::hours{48}; candidate < end; candidate += minute)
        if (!is_quiet(candidate, zones, quiet)) return std::chrono::time_point_cast<Millis>(candidate);
    return std::nullopt;
}

}  // namespace recoup::core
