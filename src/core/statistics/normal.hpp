#pragma once
// The normal distribution, and the chi-square with one degree of freedom that follows from it.

namespace recoup::core {

/// P(Z <= z).
double normal_cdf(double z);
/// The z with P(Z <= z) = p, for 0 < p < 1; absolute error below 1e-12 (Acklam's approximation, one Halley step).
double normal_quantile(double p);
/// P(chi-square with one degree of freedom > x), x >= 0.
double chi_square1_upper(double x);

}  // namespace recoup::core
