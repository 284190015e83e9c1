#include "core/law/send_window.hpp"

#include "core/law/local_time.hpp"

#include <algorithm>
#include <array>

namespace recoup::core {
namespace {

constexpr std::array<std::string_view, 7> day_names{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

/// Neither quiet nor outside the window, in all of the zones.
class Allowed {
public:
    Allowed(std::vector<std::string> const& zones, QuietHours const& quiet, SendWindow const& window)
        : quiet_(quiet), window_(window) {
        for (auto const& zone : zones) locals_.emplace_back(zone);
    }

    bool at(Instant moment) {
        return std::all_of(locals_.begin(), locals_.end(), [&](LocalTime& local) {
            auto const minute = local.minute(moment);
            return !quiet_.holds(minute) && !window_.closed.holds(minute) && (window_.days >> local.weekday(moment) & 1U) != 0;
        });
    }

private:
    QuietHours quiet_;
    SendWindow window_;
    std::vector<LocalTime> locals_;
};

}  // namespace

Result<SendWindow> parse_send_window(std::string_view hours, std::vector<std::string> const& days) {
    SendWindow window;
    auto const parsed = parse_quiet_hours(hours);
    if (!parsed || (!hours.empty() && parsed->none()))
        return error(Errc::invalid, "window is written \"09:00-20:00\" (local time of the recipient), or left out");
    // What is open from 9 to 20 is closed from 20 to 9.
    window.closed = QuietHours{parsed->until_minute % 1440, parsed->from_minute % 1440};
    if (days.empty()) return window;
    window.days = 0;
    for (auto const& day : days) {
        auto const it = std::find(day_names.begin(), day_names.end(), day);
        if (it == day_names.end()) return error(Errc::invalid, "days are mon, tue, wed, thu, fri, sat and sun, not '" + day + "'");
        window.days |= 1U << (it - day_names.begin());
    }
    return window;
}

bool is_open(Instant at, std::vector<std::string> const& zones, SendWindow const& window) {
    return Allowed(zones, {}, window).at(at);
}

std::optional<Instant> next_open(Instant at, Instant latest, std::vector<std::string> const& zones, QuietHours const& quiet,
                                 SendWindow const& window) {
    Allowed allowed(zones, quiet, window);
    if (allowed.at(at)) return at;
    auto const minute = Millis{std::chrono::minutes{1}};
    for (Instant candidate = std::chrono::ceil<std::chrono::minutes>(at); candidate <= latest; candidate += minute)
        if (allowed.at(candidate)) return candidate;
    return std::nullopt;
}

}  // namespace recoup::core
