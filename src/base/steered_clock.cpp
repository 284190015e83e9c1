#include "recoup/base/steered_clock.hpp"

#include <algorithm>

namespace recoup {

Millis SteeredClock::hear(Instant before, Instant theirs, Instant after) {
    constexpr Millis resolution{2};
    auto const doubt = std::max((after - before) / 2, Millis{0}) + resolution;
    auto const heard = theirs - (before + (after - before) / 2);
    if (std::chrono::abs(heard - offset()) > doubt) offset_ms_.store(heard.count(), std::memory_order_relaxed);
    return offset();
}

}  // namespace recoup
