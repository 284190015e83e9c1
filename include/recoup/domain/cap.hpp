#pragma once
// Cap: at most so many messages within a rolling window. Which messages count is said where it is used.

#include "recoup/base/time.hpp"

namespace recoup {

struct Cap {
    int max = 0;
    Millis window{};               // 0 = there is no cap
    bool none() const { return window == Millis{}; }
};

/// Histories are loaded for so long, so no window is longer.
inline constexpr Millis widest_cap_window{std::chrono::hours{24 * 31}};

}  // namespace recoup
