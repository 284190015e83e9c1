#include "core/risk/contributions.hpp"

namespace recoup::core {
namespace {

/// One distinct feature on the way to a node (the first element belongs to no feature).
struct PathElement {
    std::int64_t feature = -1;
    double zero_fraction = 1;   // share of paths that come here when the feature is not known
    double one_fraction = 1;    // 1 when the row itself comes here, else 0
    double weight = 0;          // of the subsets of each size, by position
};

using Path = std::vector<PathElement>;

void extend(Path& path, double zero_fraction, double one_fraction, std::int64_t feature) {
    auto const depth = path.size();
    path.push_back({feature, zero_fraction, one_fraction, depth == 0 ? 1.0 : 0.0});
    auto const size = static_cast<double>(depth + 1);
    for (std::size_t i = depth; i-- > 0;) {
        path[i + 1].weight += one_fraction * path[i].weight * static_cast<double>(i + 1) / size;
        path[i].weight = zero_fraction * path[i].weight * static_cast<double>(depth - i) / size;
    }
}

/// Undoes extend() of the element at `index`.
void unwind(Path& path, std::size_t index) {
    auto const depth = path.size() - 1;
    double const one = path[index].one_fraction, zero = path[index].zero_fraction;
    double next = path[depth].weight;
    auto const size = static_cast<double>(depth + 1);
    for (std::size_t i = depth; i-- > 0;) {
        if (one != 0) {
            double const old = path[i].weight;
            path[i].weight = next * size / (static_cast<double>(i + 1) * one);
            next = old - path[i].weight * zero * static_cast<double>(depth - i) / size;
        } else {
            path[i].weight = path[i].weight * size / (zero * static_cast<double>(depth - i));
        }
    }
    for (std::size_t i = index; i < depth; ++i) {
        path[i].feature = path[i + 1].feature;
        path[i].zero_fraction = path[i + 1].zero_fraction;
        path[i].one_fraction = path[i + 1].one_fraction;
    }
    path.pop_back();
}

/// Sum of the weights that would remain after unwind(path, index), without changing the path.
double unwound_sum(Path const& path, std::size_t index) {
    auto const depth = path.size() - 1;
    double const one = path[index].one_fraction, zero = path[index].zero_fraction;
    double next = path[depth].weight, total = 0;
    auto const size = static_cast<double>(depth + 1);
    for (std::size_t i = depth; i-- > 0;) {
        if (one != 0) {
            double const weight = next * size / (static_cast<double>(i + 1) * one);
            total += weight;
            next = path[i].weight - weight * zero * static_cast<double>(depth - i) / size;
        } else {
            total += path[i].weight * size / (zero * static_cast<double>(depth - i));
        }
    }
    return total;
}

/// Share of the parent's training rows that went to `child` and not to its sibling.
double share_of(TreeNode const& child, TreeNode const& sibling) {
    double const both = static_cast<double>(child.cover) + sibling.cover;
    return both > 0 ? child.cover / both : 0.5;
}

class TreeShares {
public:
    TreeShares(Tree const& tree, std::span<float const> row, std::vector<double>& shares)
        : tree_(tree), row_(row), shares_(shares) {}

    void visit(TreeNode const& node, Path const& before, double zero_fraction, double one_fraction,
               std::int64_t feature) {
        Path path;
        path.reserve(before.size() + 1);
        path = before;
        extend(path, zero_fraction, one_fraction, feature);
        if (node.leaf()) return add_leaf(node, path);
        bool const left = Tree::goes_left(node, row_);
        auto const& hot = tree_.at(left ? node.left : node.right);
        auto const& cold = tree_.at(left ? node.right : node.left);
        double known_zero = 1, known_one = 1;
        for (std::size_t i = 1; i < path.size(); ++i) {
            if (path[i].feature != node.feature) continue;
            known_zero = path[i].zero_fraction;
            known_one = path[i].one_fraction;
            unwind(path, i);
            break;
        }
        double const hot_share = share_of(hot, cold);
        follow(hot, path, known_zero * hot_share, known_one, node.feature);
        follow(cold, path, known_zero * (1 - hot_share), 0, node.feature);
    }

private:
    /// Nothing comes here with or without the feature: nothing to share, and nothing to divide by.
    void follow(TreeNode const& node, Path const& path, double zero, double one, std::int64_t feature) {
        if (zero != 0 || one != 0) visit(node, path, zero, one, feature);
    }

    void add_leaf(TreeNode const& leaf, Path const& path) {
        for (std::size_t i = 1; i < path.size(); ++i) {
            double const difference = path[i].one_fraction - path[i].zero_fraction;
            shares_[static_cast<std::size_t>(path[i].feature)] += unwound_sum(path, i) * difference * leaf.value;
        }
    }

    Tree const& tree_;
    std::span<float const> row_;
    std::vector<double>& shares_;
};

/// The tree's mean value over its training rows.
double expected_value(Tree const& tree, TreeNode const& node) {
    if (node.leaf()) return node.value;
    auto const &left = tree.at(node.left), &right = tree.at(node.right);
    double const share = share_of(left, right);
    return share * expected_value(tree, left) + (1 - share) * expected_value(tree, right);
}

}  // namespace

Contributions contributions(Forest const& forest, std::span<float const> row) {
    Contributions result;
    result.bias = forest.base_margin();
    result.shares.assign(forest.feature_names().size(), 0.0);
    for (auto const& tree : forest.trees()) {
        result.bias += expected_value(tree, tree.root());
        TreeShares(tree, row, result.shares).visit(tree.root(), {}, 1, 1, -1);
    }
    return result;
}

}  // namespace recoup::core
