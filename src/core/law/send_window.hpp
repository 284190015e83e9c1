#pragma once
// The hours and days that a step is meant for, in the recipient's own wall time, together with what the law forbids.

#include "core/law/quiet_hours.hpp"

namespace recoup::core {

struct SendWindow {
    QuietHours closed;                 // the hours outside the window
    unsigned days = 0x7f;              // bit 0 = Monday
    bool always() const { return closed.none() && days == 0x7f; }
};

/// "09:00-20:00" (empty = all day) and names "mon" to "sun" (none = every day). Errc::invalid otherwise.
Result<SendWindow> parse_send_window(std::string_view hours, std::vector<std::string> const& days);

/// True when the window is open at `at` in all of the zones.
bool is_open(Instant at, std::vector<std::string> const& zones, SendWindow const& window);

/// The first minute at or after `at` and not after `latest` that is neither quiet nor outside the window; nullopt = none.
std::optional<Instant> next_open(Instant at, Instant latest, std::vector<std::string> const& zones, QuietHours const& quiet,
                                 SendWindow const& window);

}  // namespace recoup::core
