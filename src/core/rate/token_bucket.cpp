#include "core/rate/token_bucket.hpp"

#include <algorithm>

namespace recoup::core {
namespace {

using std::chrono::nanoseconds;

constexpr double most_nanoseconds = 1e18;   // 31 years: a debt stays a number

nanoseconds time_of(double tokens, Rate const& rate) {
    return nanoseconds{static_cast<std::int64_t>(std::min(tokens / rate.per_second * 1e9, most_nanoseconds))};
}

}  // namespace

nanoseconds TokenBucket::wait(Rate const& rate, nanoseconds now) const {
    if (!rate.limited()) return nanoseconds{0};
    return std::max(nanoseconds{0}, full_at_ - now - time_of(std::max(rate.burst, 1.0) - 1, rate));
}

void TokenBucket::take(Rate const& rate, double tokens, nanoseconds now) {
    if (!rate.limited()) return;
    full_at_ = std::min(std::max(full_at_, now) + time_of(tokens, rate), now + time_of(most_nanoseconds, rate));
}

std::int64_t retry_seconds(nanoseconds wait) {
    constexpr std::int64_t second = 1'000'000'000;
    return std::clamp<std::int64_t>((wait.count() + second - 1) / second, 1, 3600);
}

}  // namespace recoup::core
