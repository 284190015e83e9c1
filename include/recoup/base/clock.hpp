#pragma once
// Time is injected. Nothing outside src/base and src/app reads the machine's clock.

#include "recoup/base/time.hpp"

#include <atomic>

namespace recoup {

/// Thread-safe. now() is wall time for every decision and statement; ticks() is monotonic real time for
/// durations, deadlines and latency only and never stands still, also on a manual clock.
class Clock {
public:
    virtual ~Clock() = default;
    virtual Instant now() const = 0;
    virtual std::chrono::nanoseconds ticks() const = 0;
    /// True when now() moves only by ManualClock::set.
    virtual bool manual() const = 0;
};

class SystemClock final : public Clock {
public:
    Instant now() const override;
    std::chrono::nanoseconds ticks() const override;
    bool manual() const override { return false; }
};

/// Stands still until told. Moving backwards is refused by assertion.
class ManualClock final : public Clock {
public:
    explicit ManualClock(Instant start) : now_ms_(to_millis(start)) {}
    Instant now() const override { return instant_from_millis(now_ms_.load()); }
    std::chrono::nanoseconds ticks() const override;
    bool manual() const override { return true; }
    void set(Instant at);

private:
    std::atomic<std::int64_t> now_ms_;
};

}  // namespace recoup
