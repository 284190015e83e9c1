#pragma once
// Gradient-boosted trees evaluated in process: the margins are bit-identical with libxgboost 1.7's for the same file.

#include "core/risk/packed_trees.hpp"
#include "core/risk/tree.hpp"
#include "core/risk/xgboost_format.hpp"
#include "recoup/base/result.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace recoup::core {

/// Immutable; thread-safe.
class Forest {
public:
    /// Errc::invalid, see read_xgboost_model.
    static Result<Forest> load(std::string_view xgboost_json);
    explicit Forest(XgboostModel model);

    /// Raw score (log odds) of one row in the order of feature_names(); NaN = missing.
    float margin(std::span<float const> row) const;
    /// The same by walking explicit nodes: what trees deeper than PackedTrees::depth_limit need.
    float margin_by_nodes(std::span<float const> row) const;

    std::vector<std::string> const& feature_names() const { return model_.features; }
    std::size_t tree_count() const { return model_.trees.size(); }
    std::vector<Tree> const& trees() const { return model_.trees; }
    float base_margin() const { return model_.base_margin; }
    int depth() const { return depth_; }
    /// Mean of the margins of the training rows.
    double mean_margin() const { return mean_margin_; }
    /// Sum of split gains by feature, in the order of feature_names().
    std::vector<double> gains() const;

private:
    XgboostModel model_;
    int depth_ = 0;
    double mean_margin_ = 0;
    std::optional<PackedTrees> packed_;
};

}  // namespace recoup::core
