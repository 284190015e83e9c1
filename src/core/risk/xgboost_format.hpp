#pragma once
// Reader of XGBoost's JSON model format (as written by 1.7): gbtree boosters of objective binary:logistic only.

#include "core/risk/tree.hpp"
#include "recoup/base/result.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace recoup::core {

inline constexpr std::size_t model_bytes_limit = 64 * 1024 * 1024;
inline constexpr std::size_t model_trees_limit = 10000;
inline constexpr std::size_t model_features_limit = 512;
inline constexpr int model_depth_limit = 64;

struct XgboostModel {
    std::vector<std::string> features;   // column names; "f0", "f1", ... when the file has none
    float base_margin = 0;               // logit of base_score
    std::vector<Tree> trees;
};

/// Errc::invalid for anything that is not a sound model of the supported kind; safe on hostile input.
Result<XgboostModel> read_xgboost_model(std::string_view json_text);
Result<XgboostModel> read_xgboost_model(nlohmann::json const& document);

}  // namespace recoup::core
