#pragma once
// Pace: when something may leave that must not leave in a rush. At a steady rate, in the order of coming, and none later
// than `longest` after it came: then they come faster than the rate, each as late as the others.

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace recoup::http {

class Pace {
public:
    using Time = std::chrono::steady_clock::time_point;

    Pace(double per_second, std::chrono::nanoseconds longest)
        : gap_(static_cast<std::int64_t>(1e9 / per_second)), longest_(longest) {}

    /// The turn of one that comes now.
    Time turn(Time now) { return last_ = std::min(std::max(now, last_ + gap_), now + longest_); }

private:
    std::chrono::nanoseconds gap_, longest_;
    Time last_{};
};

}  // namespace recoup::http
