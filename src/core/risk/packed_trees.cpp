#include "core/risk/packed_trees.hpp"

#include "core/risk/xgboost_format.hpp"
#include "recoup/base/assert.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace recoup::core {
namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr std::size_t in_flight = 8;

}  // namespace

PackedTrees::PackedTrees(std::span<Tree const> trees, std::size_t feature_count)
    : count_(trees.size()), feature_count_(feature_count) {
    RECOUP_ASSERT(feature_count <= model_features_limit);
    for (auto const& tree : trees) depth_ = std::max(depth_, tree.depth);
    RECOUP_ASSERT(depth_ <= depth_limit);
    auto const places = count_ << depth_;
    thresholds_.assign(places, -infinity);
    leaves_.assign(places, 0.0f);
    if (2 * feature_count <= 256) narrow_columns_.assign(places, 0);
    else wide_columns_.assign(places, 0);
    for (std::size_t i = 0; i < count_; ++i) pack(trees[i], i << depth_);
}

/// Fills the complete tree downwards; below an early leaf every way leads to copies of it.
void PackedTrees::pack(Tree const& tree, std::size_t position) {
    std::vector<std::int32_t> at(std::size_t{1} << (depth_ + 1), 0);   // source node of each padded node
    auto const first_leaf = std::size_t{1} << depth_;
    for (std::size_t n = 1; n < first_leaf; ++n) {
        auto const& node = tree.at(at[n]);
        at[2 * n] = node.leaf() ? at[n] : node.left;
        at[2 * n + 1] = node.leaf() ? at[n] : node.right;
        if (node.leaf()) continue;
        auto const column = node.feature + (node.default_left ? feature_count_ : 0);
        thresholds_[position + n] = node.value;
        if (narrow_columns_.empty()) wide_columns_[position + n] = static_cast<std::uint16_t>(column);
        else narrow_columns_[position + n] = static_cast<std::uint8_t>(column);
    }
    for (std::size_t n = first_leaf; n < 2 * first_leaf; ++n) leaves_[position + n - first_leaf] = tree.at(at[n]).value;
}

template <int depth, class Column>
float PackedTrees::walk(float sum, float const* halves, std::vector<Column> const& columns) const {
    constexpr std::size_t stride = std::size_t{1} << depth;
    float const* threshold = thresholds_.data();
    float const* leaf = leaves_.data();
    Column const* column = columns.data();
    std::size_t tree = 0;
    for (; tree + in_flight <= count_; tree += in_flight) {
        std::array<std::size_t, in_flight> node;
        node.fill(1);
#pragma GCC unroll 8
        for (int level = 0; level < depth; ++level) {
#pragma GCC unroll 8
            for (std::size_t k = 0; k < in_flight; ++k) {
                auto const place = k * stride + node[k];
                node[k] = 2 * node[k] + 1 - static_cast<std::size_t>(halves[column[place]] < threshold[place]);
            }
        }
#pragma GCC unroll 8
        for (std::size_t k = 0; k < in_flight; ++k) sum += leaf[k * stride + node[k] - stride];
        threshold += in_flight * stride;
        leaf += in_flight * stride;
        column += in_flight * stride;
    }
    for (; tree < count_; ++tree) {
        std::size_t node = 1;
        for (int level = 0; level < depth; ++level)
            node = 2 * node + 1 - static_cast<std::size_t>(halves[column[node]] < threshold[node]);
        sum += leaf[node - stride];
        threshold += stride;
        leaf += stride;
        column += stride;
    }
    return sum;
}

template <class Column>
float PackedTrees::walk_any(float sum, float const* halves, std::vector<Column> const& columns) const {
    switch (depth_) {
    case 1: return walk<1>(sum, halves, columns);
    case 2: return walk<2>(sum, halves, columns);
    case 3: return walk<3>(sum, halves, columns);
    case 4: return walk<4>(sum, halves, columns);
    case 5: return walk<5>(sum, halves, columns);
    case 6: return walk<6>(sum, halves, columns);
    case 7: return walk<7>(sum, halves, columns);
    case 8: return walk<8>(sum, halves, columns);
    }
    return sum;
}

float PackedTrees::add_to(float start, std::span<float const> row) const {
    RECOUP_ASSERT(row.size() == feature_count_);
    std::array<float, 2 * model_features_limit> halves;
    for (std::size_t i = 0; i < feature_count_; ++i) {
        bool const absent = row[i] != row[i];
        halves[i] = absent ? infinity : row[i];
        halves[feature_count_ + i] = absent ? -infinity : row[i];
    }
    return narrow_columns_.empty() ? walk_any(start, halves.data(), wide_columns_)
                                   : walk_any(start, halves.data(), narrow_columns_);
}

}  // namespace recoup::core
