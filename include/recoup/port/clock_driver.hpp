#pragma once
// Moving a manual clock. Exists only where Clock::manual() is true.

#include "recoup/base/result.hpp"
#include "recoup/base/time.hpp"

namespace recoup {

class ClockDriver {
public:
    virtual ~ClockDriver() = default;
    /// Works off every accepted event, moves the clock on by `by`, lives through everything that falls due on the way
    /// in its order, and returns the new time when all of it is done. Blocking; calls follow one another.
    /// Errc::invalid for a negative `by`.
    virtual Result<Instant> advance(Seconds by) = 0;
};

}  // namespace recoup
