#pragma once
// One regression tree with explicit children, as XGBoost stores it: what the loader checks, the exact contributions
// walk and the packed evaluator is built from.

#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

namespace recoup::core {

struct TreeNode {
    std::int32_t left = -1, right = -1;   // -1 = leaf
    std::uint32_t feature = 0;
    float value = 0;                      // split threshold, or the leaf's value
    float cover = 0;                      // sum of hessians of the training rows that came here
    double share = 1;                     // of the parent's cover; a half where nothing came
    float gain = 0;                       // loss change of the split
    bool default_left = false;            // where a missing value goes

    bool leaf() const { return left < 0; }
};

/// Every node reachable from node 0 is reachable once, children and features are in range, thresholds, leaf values
/// and covers are finite: the loader refuses anything else.
struct Tree {
    std::vector<TreeNode> nodes;
    int depth = 0;                        // 0 = a single leaf

    TreeNode const& root() const { return nodes.front(); }
    TreeNode const& at(std::int32_t index) const { return nodes[static_cast<std::size_t>(index)]; }

    /// Strictly less goes left, missing (NaN) goes the node's default way.
    static bool goes_left(TreeNode const& node, std::span<float const> row) {
        float const x = row[node.feature];
        return std::isnan(x) ? node.default_left : x < node.value;
    }
    float leaf_value(std::span<float const> row) const {
        auto const* node = &root();
        while (!node->leaf()) node = &at(goes_left(*node, row) ? node->left : node->right);
        return node->value;
    }
};

}  // namespace recoup::core
