#pragma once
// The hours and days at which something may be sent, in the recipient's own wall time: the shop's quiet hours, a step's own
// window and the hours of a law are the same thing.

#include "recoup/base/result.hpp"
#include "recoup/base/time.hpp"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace recoup::core {

/// Minutes of a local day, [from, until); 1440 is midnight at its end.
struct Span {
    int from = 0, until = 0;
    friend bool operator==(Span const&, Span const&) = default;
};

/// What is open of one day; the spans are in order and the empty ones last.
struct DayHours {
    std::array<Span, 2> spans{};
    bool holds(int minute) const;
    /// The first open minute after this one; 1440 = none on this day.
    int next(int minute) const;
    friend bool operator==(DayHours const&, DayHours const&) = default;
};
inline constexpr DayHours open_all_day{{Span{0, 1440}, Span{}}};

struct OpenHours {
    std::array<DayHours, 7> days{open_all_day, open_all_day, open_all_day, open_all_day, open_all_day, open_all_day, open_all_day};
    std::optional<DayHours> holiday;       // on a holiday instead of the weekday's own
    std::vector<std::int32_t> holidays;    // days since 1970-01-01 of the local calendar, in order
    DayHours const& on(std::int64_t day) const;
    bool always() const;
};

/// From what is closed: "21:00-08:00"; empty = nothing is. Errc::invalid otherwise.
Result<OpenHours> parse_quiet_hours(std::string_view text);

/// "09:00-20:00" (empty = all day) and names "mon" to "sun" (none = every day). Errc::invalid otherwise.
Result<OpenHours> parse_send_window(std::string_view hours, std::vector<std::string> const& days);

/// "09:00-20:00", "none" = nothing. Errc::invalid otherwise.
Result<DayHours> parse_day_hours(std::string_view text);
/// "mon-sat 09:00-21:00" or "sun 12:00-21:00", one entry for some days; days that none names stay closed. Errc::invalid otherwise.
Result<OpenHours> parse_week(std::vector<std::string> const& entries);

/// Hours, and the zone in which they are meant.
struct HoursIn {
    OpenHours const* hours = nullptr;
    std::string const* zone = nullptr;
};

/// True when all are open.
bool is_open(Instant at, std::span<HoursIn const> all);

/// The first moment at or after `at` and not after `latest`, on a minute of the clock there, at which all are open; nullopt = none.
std::optional<Instant> next_open(Instant at, Instant latest, std::span<HoursIn const> all);

}  // namespace recoup::core
