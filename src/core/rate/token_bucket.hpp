#pragma once
// Token buckets as GCRA keeps them (ITU-T I.371): one instant, at which the bucket would be full again. Time is the
// clock's ticks: rates are real, also on a manual clock.

#include <chrono>
#include <cstdint>

namespace recoup::core {

struct Rate {
    double per_second = 0;   // 0 = no limit
    double burst = 1;        // tokens of a full bucket, at least 1

    bool limited() const { return per_second > 0; }
};

/// Starts full. What is taken beyond what is there becomes a debt that later tokens pay first.
class TokenBucket {
public:
    /// How long until a whole token is there; zero = now, and always without a limit.
    std::chrono::nanoseconds wait(Rate const& rate, std::chrono::nanoseconds now) const;
    void take(Rate const& rate, double tokens, std::chrono::nanoseconds now);
    std::chrono::nanoseconds full_at() const { return full_at_; }

private:
    std::chrono::nanoseconds full_at_{0};
};

/// For Retry-After: whole seconds, 1 to 3600.
std::int64_t retry_seconds(std::chrono::nanoseconds wait);

}  // namespace recoup::core
