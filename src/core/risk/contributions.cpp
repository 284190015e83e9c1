#include "core/risk/contributions.hpp"

#include <algorithm>

namespace recoup::core {
namespace {

/// One distinct feature on the way to a node (the first element belongs to no feature).
struct PathElement {
    std::int64_t feature = -1;
    bool taken = true;          // the row itself comes here
    double zero_fraction = 1;   // share of paths that come here when the feature is not known
    double weight = 0;          // of the subsets of each size, by position
};

/// A path and the room behind it, where those of the children lie.
struct Path {
    PathElement* elements;
    std::size_t size;

    PathElement& operator[](std::size_t i) const { return elements[i]; }
    Path copy() const {
        std::copy_n(elements, size, elements + size);
        return {elements + size, size};
    }
};

class TreeShares {
public:
    TreeShares(std::size_t depth, std::span<float const> row, std::vector<double>& shares)
        : row_(row), shares_(shares), room_((depth + 2) * (depth + 3) / 2), inverse_(depth + 3) {
        for (std::size_t i = 1; i < inverse_.size(); ++i) inverse_[i] = 1.0 / static_cast<double>(i);
    }

    void add(Tree const& tree) { visit(tree, tree.root(), {room_.data(), 0}, 1, true, -1); }

private:
    /// `path` is ours to change; it leads to the parent.
    void visit(Tree const& tree, TreeNode const& node, Path path, double zero_fraction, bool taken, std::int64_t feature) {
        extend(path, zero_fraction, taken, feature);
        if (node.leaf()) return add_leaf(node, path);
        bool const left = Tree::goes_left(node, row_);
        auto const& hot = tree.at(left ? node.left : node.right);
        auto const& cold = tree.at(left ? node.right : node.left);
        double known_zero = 1;
        bool known_taken = true;
        for (std::size_t i = 1; i < path.size; ++i) {
            if (path[i].feature != node.feature) continue;
            known_zero = path[i].zero_fraction;
            known_taken = path[i].taken;
            unwind(path, i);
            break;
        }
        // Where nothing comes with or without the feature there is nothing to share, and nothing to divide by.
        if (known_taken || hot.share != 0) visit(tree, hot, path.copy(), known_zero * hot.share, known_taken, node.feature);
        if (known_zero * cold.share != 0) visit(tree, cold, path.copy(), known_zero * cold.share, false, node.feature);
    }

    void extend(Path& path, double zero_fraction, bool taken, std::int64_t feature) const {
        auto const depth = path.size++;
        path[depth] = {feature, taken, zero_fraction, depth == 0 ? 1.0 : 0.0};
        double const inverse = inverse_[depth + 1];
        for (std::size_t i = depth; i-- > 0;) {
            double const weight = path[i].weight * inverse;
            if (taken) path[i + 1].weight += weight * static_cast<double>(i + 1);
            path[i].weight = zero_fraction * weight * static_cast<double>(depth - i);
        }
    }

    /// Undoes extend() of the element at `index`.
    void unwind(Path& path, std::size_t index) const {
        auto const depth = --path.size;
        double const zero = path[index].zero_fraction, size = static_cast<double>(depth + 1);
        if (path[index].taken) {
            double next = path[depth].weight;
            for (std::size_t i = depth; i-- > 0;) {
                double const old = path[i].weight;
                path[i].weight = next * size * inverse_[i + 1];
                next = old - path[i].weight * zero * static_cast<double>(depth - i) * inverse_[depth + 1];
            }
        } else {
            double const scale = size / zero;
            for (std::size_t i = depth; i-- > 0;) path[i].weight *= scale * inverse_[depth - i];
        }
        for (std::size_t i = index; i < depth; ++i) {
            path[i].feature = path[i + 1].feature;
            path[i].zero_fraction = path[i + 1].zero_fraction;
            path[i].taken = path[i + 1].taken;
        }
    }

    void add_leaf(TreeNode const& leaf, Path const& path) {
        double const others = without_any_not_taken(path);
        for (std::size_t i = 1; i < path.size; ++i)
            shares_[static_cast<std::size_t>(path[i].feature)] +=
                leaf.value * (path[i].taken ? without_taken(path, i) * (1 - path[i].zero_fraction) : -others);
    }

    /// Sum of the weights that would remain after unwind(path, index), without changing the path.
    double without_taken(Path const& path, std::size_t index) const {
        auto const depth = path.size - 1;
        double const zero = path[index].zero_fraction * inverse_[depth + 1], size = static_cast<double>(depth + 1);
        double next = path[depth].weight, total = 0;
        for (std::size_t i = depth; i-- > 0;) {
            double const weight = next * size * inverse_[i + 1];
            total += weight;
            next = path[i].weight - weight * zero * static_cast<double>(depth - i);
        }
        return total;
    }

    /// The same for an element that is not taken, times its zero fraction: equal for all of them.
    double without_any_not_taken(Path const& path) const {
        auto const depth = path.size - 1;
        double total = 0;
        for (std::size_t i = depth; i-- > 0;) total += path[i].weight * inverse_[depth - i];
        return total * static_cast<double>(depth + 1);
    }

    std::span<float const> row_;
    std::vector<double>& shares_;
    std::vector<PathElement> room_;
    std::vector<double> inverse_;   // of 1, 2, ...
};

}  // namespace

Contributions contributions(Forest const& forest, std::span<float const> row) {
    Contributions result;
    result.bias = forest.mean_margin();
    result.shares.assign(forest.feature_names().size(), 0.0);
    TreeShares shares(static_cast<std::size_t>(forest.depth()), row, result.shares);
    for (auto const& tree : forest.trees()) shares.add(tree);
    return result;
}

}  // namespace recoup::core
