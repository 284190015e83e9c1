#include "core/statistics/normal.hpp"

#include "recoup/base/assert.hpp"

#include <array>
#include <cmath>
#include <numbers>

namespace recoup::core {
namespace {

// P. J. Acklam, "An algorithm for computing the inverse normal cumulative distribution function" (2003).
constexpr std::array a{-3.969683028665376e+01, 2.209460984245205e+02,  -2.759285104469687e+02,
                       1.383577518672690e+02,  -3.066479806614716e+01, 2.506628277459239e+00};
constexpr std::array b{-5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01,
                       -1.328068155288572e+01};
constexpr std::array c{-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00,
                       -2.549732539343734e+00, 4.374664141464968e+00,  2.938163982698783e+00};
constexpr std::array d{7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00};
constexpr double tail = 0.02425;

double lower_tail(double p) {
    double const q = std::sqrt(-2 * std::log(p));
    return (((((c[0] * q + c[1]) * q + c[2]) * q + c[3]) * q + c[4]) * q + c[5]) /
           ((((d[0] * q + d[1]) * q + d[2]) * q + d[3]) * q + 1);
}

double centre(double p) {
    double const q = p - 0.5, r = q * q;
    return (((((a[0] * r + a[1]) * r + a[2]) * r + a[3]) * r + a[4]) * r + a[5]) * q /
           (((((b[0] * r + b[1]) * r + b[2]) * r + b[3]) * r + b[4]) * r + 1);
}

double approximate_quantile(double p) {
    if (p < tail) return lower_tail(p);
    if (p > 1 - tail) return -lower_tail(1 - p);
    return centre(p);
}

}  // namespace

double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

double normal_quantile(double p) {
    RECOUP_ASSERT(p > 0 && p < 1);
    double const z = approximate_quantile(p);
    double const step = (normal_cdf(z) - p) * std::sqrt(2 * std::numbers::pi) * std::exp(z * z / 2);
    return z - step / (1 + z * step / 2);
}

double chi_square1_upper(double x) { return std::erfc(std::sqrt(x / 2)); }

}  // namespace recoup::core
