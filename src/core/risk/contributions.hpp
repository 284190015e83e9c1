#pragma once
// Exact feature contributions: path-dependent TreeSHAP (Lundberg, Erion, Lee 2018, arXiv:1802.03888, algorithm 2),
// with the training rows' hessian sums as path weights, as libxgboost's pred_contribs. O(trees x leaves x depth^2):
// for decisions shown to people, not for every event.

#include "core/risk/forest.hpp"

#include <span>
#include <vector>

namespace recoup::core {

/// bias + sum(shares) = Forest::margin(row) up to rounding; shares in the order of feature_names().
struct Contributions {
    double bias = 0;
    std::vector<double> shares;
};

Contributions contributions(Forest const& forest, std::span<float const> row);

}  // namespace recoup::core
