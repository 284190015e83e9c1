#pragma once
// Rates and the difference of two rates, with intervals that hold for small counts.

#include <cstdint>

namespace recoup::core {

struct Interval {
    double low = 0, high = 0;
    bool contains(double value) const { return low <= value && value <= high; }
};

/// How many of how many.
struct Count {
    std::int64_t hits = 0;   // 0 .. total
    std::int64_t total = 0;
    double rate() const { return total == 0 ? 0 : static_cast<double>(hits) / static_cast<double>(total); }
};

inline constexpr double default_confidence = 0.95;

/// Wilson's score interval without continuity correction (Newcombe 1998, Statistics in Medicine 17:857, method 3).
/// [0, 1] for a total of zero.
Interval wilson_interval(Count count, double confidence = default_confidence);

/// a - b with Newcombe's hybrid score interval (Newcombe 1998, Statistics in Medicine 17:873, method 10).
Interval difference_interval(Count a, Count b, double confidence = default_confidence);

/// a / b - 1 by the delta method on the ratio of two independent means. Not given (found = false) below
/// lift_min_hits in either: the method's interval would be far too narrow there.
inline constexpr std::int64_t lift_min_hits = 5;
struct Lift {
    bool found = false;
    double value = 0;
    Interval interval;
};
Lift relative_lift(Count a, Count b, double confidence = default_confidence);

}  // namespace recoup::core
