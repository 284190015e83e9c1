#include "core/statistics/proportion.hpp"

#include "core/statistics/normal.hpp"
#include "recoup/base/assert.hpp"

#include <algorithm>
#include <cmath>

namespace recoup::core {
namespace {

double two_sided_z(double confidence) {
    RECOUP_ASSERT(confidence > 0 && confidence < 1);
    return normal_quantile(0.5 + confidence / 2);
}

double square(double value) { return value * value; }

}  // namespace

Interval wilson_interval(Count count, double confidence) {
    RECOUP_ASSERT(0 <= count.hits && count.hits <= count.total);
    if (count.total == 0) return {0, 1};
    double const z = two_sided_z(confidence), n = static_cast<double>(count.total), p = count.rate();
    double const centre = 2 * n * p + z * z;
    double const spread = z * std::sqrt(z * z + 4 * n * p * (1 - p));
    double const scale = 2 * (n + z * z);
    return {std::clamp((centre - spread) / scale, 0.0, 1.0), std::clamp((centre + spread) / scale, 0.0, 1.0)};
}

Interval difference_interval(Count a, Count b, double confidence) {
    auto const wa = wilson_interval(a, confidence), wb = wilson_interval(b, confidence);
    if (a.total == 0 || b.total == 0) return {-1, 1};
    double const pa = a.rate(), pb = b.rate(), difference = pa - pb;
    return {difference - std::sqrt(square(pa - wa.low) + square(wb.high - pb)),
            difference + std::sqrt(square(wa.high - pa) + square(pb - wb.low))};
}

Lift relative_lift(Count a, Count b, double confidence) {
    if (a.hits < lift_min_hits || b.hits < lift_min_hits) return {};
    double const pa = a.rate(), pb = b.rate();
    double const variance_a = pa * (1 - pa) / static_cast<double>(a.total);
    double const variance_b = pb * (1 - pb) / static_cast<double>(b.total);
    double const deviation = std::sqrt(variance_a / square(pb) + square(pa) * variance_b / square(square(pb)));
    double const lift = pa / pb - 1, half = two_sided_z(confidence) * deviation;
    return {true, lift, {lift - half, lift + half}};
}

}  // namespace recoup::core
