#pragma once
// Instants and their text. All stored and compared times are UTC with millisecond resolution.

#include "recoup/base/result.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace recoup {

using Millis = std::chrono::milliseconds;
using Seconds = std::chrono::seconds;
using Instant = std::chrono::time_point<std::chrono::system_clock, Millis>;

inline constexpr Instant instant_from_millis(std::int64_t unix_ms) { return Instant{Millis{unix_ms}}; }
inline constexpr std::int64_t to_millis(Instant at) { return at.time_since_epoch().count(); }
inline constexpr Instant instant_from_seconds(std::int64_t unix_s) { return Instant{Seconds{unix_s}}; }

/// The zero instant means "never happened / not known" in domain values.
inline constexpr Instant never{};

/// "2026-11-20T10:05:00.123Z"; the fraction is left out when zero (RFC 3339).
std::string to_rfc3339(Instant at);

/// RFC 3339 with any offset, 'T' or ' ' between date and time, an optional fraction (digits past the third are
/// dropped). Years 1970 to 9999. Errc::invalid otherwise.
Result<Instant> parse_rfc3339(std::string_view text);

/// "90s", "30m", "4h", "3d", "250ms"; Errc::invalid otherwise. Never negative, at most 400 days.
Result<Millis> parse_duration(std::string_view text);
/// The shortest exact text that parse_duration reads back: "4h", "90s".
std::string to_duration_text(Millis duration);

}  // namespace recoup
