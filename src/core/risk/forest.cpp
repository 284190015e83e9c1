#include "core/risk/forest.hpp"

#include "recoup/base/assert.hpp"

#include <algorithm>

namespace recoup::core {

Result<Forest> Forest::load(std::string_view xgboost_json) {
    auto model = read_xgboost_model(xgboost_json);
    if (!model) return model.error();
    return Forest(std::move(*model));
}

Forest::Forest(XgboostModel model) : model_(std::move(model)) {
    if (depth() <= PackedTrees::depth_limit) packed_.emplace(model_.trees, model_.features.size());
}

float Forest::margin(std::span<float const> row) const {
    return packed_ ? packed_->add_to(model_.base_margin, row) : margin_by_nodes(row);
}

float Forest::margin_by_nodes(std::span<float const> row) const {
    RECOUP_ASSERT(row.size() == model_.features.size());
    float sum = model_.base_margin;
    for (auto const& tree : model_.trees) sum += tree.leaf_value(row);
    return sum;
}

int Forest::depth() const {
    int deepest = 0;
    for (auto const& tree : model_.trees) deepest = std::max(deepest, tree.depth);
    return deepest;
}

std::vector<double> Forest::gains() const {
    std::vector<double> sums(model_.features.size(), 0.0);
    for (auto const& tree : model_.trees)
        for (auto const& node : tree.nodes)
            if (!node.leaf()) sums[node.feature] += node.gain;
    return sums;
}

}  // namespace recoup::core
