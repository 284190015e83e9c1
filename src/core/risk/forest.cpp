#include "core/risk/forest.hpp"

#include "recoup/base/assert.hpp"

#include <algorithm>

namespace recoup::core {
namespace {

void share_cover(Tree& tree) {
    for (auto const& node : tree.nodes) {
        if (node.leaf()) continue;
        auto &left = tree.nodes[static_cast<std::size_t>(node.left)], &right = tree.nodes[static_cast<std::size_t>(node.right)];
        double const both = static_cast<double>(left.cover) + right.cover;
        left.share = both > 0 ? left.cover / both : 0.5;
        right.share = 1 - left.share;
    }
}

/// Of its training rows.
double mean_value(Tree const& tree, TreeNode const& node) {
    if (node.leaf()) return node.value;
    auto const &left = tree.at(node.left), &right = tree.at(node.right);
    return left.share * mean_value(tree, left) + right.share * mean_value(tree, right);
}

}  // namespace

Result<Forest> Forest::load(std::string_view xgboost_json) {
    auto model = read_xgboost_model(xgboost_json);
    if (!model) return model.error();
    return Forest(std::move(*model));
}

Forest::Forest(XgboostModel model) : model_(std::move(model)), mean_margin_(model_.base_margin) {
    for (auto& tree : model_.trees) {
        share_cover(tree);
        depth_ = std::max(depth_, tree.depth);
        mean_margin_ += mean_value(tree, tree.root());
    }
    if (depth_ <= PackedTrees::depth_limit) packed_.emplace(model_.trees, model_.features.size());
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

std::vector<double> Forest::gains() const {
    std::vector<double> sums(model_.features.size(), 0.0);
    for (auto const& tree : model_.trees)
        for (auto const& node : tree.nodes)
            if (!node.leaf()) sums[node.feature] += node.gain;
    return sums;
}

}  // namespace recoup::core
