#pragma once
// One time for all instances: the machine's clock, moved by what somebody with authority says.

#include "recoup/base/clock.hpp"

namespace recoup {

/// Thread-safe. ticks() are the machine's own.
class SteeredClock final : public Clock {
public:
    explicit SteeredClock(Clock const& machine) : machine_(machine) {}

    Instant now() const override { return machine_.now() + offset(); }
    std::chrono::nanoseconds ticks() const override { return machine_.ticks(); }
    bool manual() const override { return machine_.manual(); }

    /// The authority read `theirs` while the machine read something between `before` and `after`. A difference that the
    /// length of the question explains changes nothing. Returns the offset from then on.
    Millis hear(Instant before, Instant theirs, Instant after);
    Millis offset() const { return Millis{offset_ms_.load(std::memory_order_relaxed)}; }

private:
    Clock const& machine_;
    std::atomic<std::int64_t> offset_ms_{0};
};

}  // namespace recoup
