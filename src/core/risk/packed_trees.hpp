#pragma once
// Trees padded to complete ones of equal depth and walked without a branch: eight trees are in flight at once, so that
// the loads of one hide behind those of the others. Missing values cost nothing: the row is laid out twice, once with
// missing as +infinity (goes right) and once as -infinity (goes left), and a node's column picks the half by its
// default direction. Leaves are added in tree order in float32, as libxgboost does, so sums are bit-identical.

#include "core/risk/tree.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace recoup::core {

class PackedTrees {
public:
    static constexpr int depth_limit = 8;

    /// Requires every tree's depth <= depth_limit.
    PackedTrees(std::span<Tree const> trees, std::size_t feature_count);

    /// start + leaf of tree 0 + leaf of tree 1 + ... ; `row` has feature_count values.
    float add_to(float start, std::span<float const> row) const;

private:
    void pack(Tree const& tree, std::size_t position);
    template <int depth, class Column>
    float walk(float sum, float const* halves, std::vector<Column> const& columns) const;
    template <class Column>
    float walk_any(float sum, float const* halves, std::vector<Column> const& columns) const;

    int depth_ = 1;
    std::size_t count_ = 0, feature_count_ = 0;
    // Per tree 2^depth places; nodes are numbered from 1 (root), children of n are 2n and 2n + 1.
    std::vector<float> thresholds_, leaves_;
    std::vector<std::uint8_t> narrow_columns_;    // when 2 * feature_count fits
    std::vector<std::uint16_t> wide_columns_;     // otherwise
};

}  // namespace recoup::core
