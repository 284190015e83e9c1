#include "recoup/base/clock.hpp"

#include "recoup/base/assert.hpp"

namespace recoup {
namespace {
std::chrono::nanoseconds monotonic() { return std::chrono::steady_clock::now().time_since_epoch(); }
}  // namespace

Instant SystemClock::now() const { return std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now()); }
std::chrono::nanoseconds SystemClock::ticks() const { return monotonic(); }

std::chrono::nanoseconds ManualClock::ticks() const { return monotonic(); }

void ManualClock::set(Instant at) {
    RECOUP_ASSERT(to_millis(at) >= now_ms_.load());
    now_ms_.store(to_millis(at));
}

}  // namespace recoup
