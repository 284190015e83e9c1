#pragma once
// One tree of XGBoost's JSON model format, checked node by node.

#include "core/risk/tree.hpp"
#include "recoup/base/result.hpp"

#include <nlohmann/json_fwd.hpp>

namespace recoup::core {

/// Errc::invalid: arrays that are absent or of different lengths, cycles, shared or out-of-range children, features
/// out of range, numbers that are not finite, categorical splits, depth over model_depth_limit.
Result<Tree> read_xgboost_tree(nlohmann::json const& tree, std::size_t feature_count);

}  // namespace recoup::core
