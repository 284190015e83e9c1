#include "core/risk/xgboost_tree.hpp"

#include "core/risk/xgboost_format.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <utility>

namespace recoup::core {
namespace {

using nlohmann::json;

Error no_tree(std::string what) { return error(Errc::invalid, std::move(what)); }

struct Columns {
    json const *left, *right, *feature, *value, *default_left, *cover, *gain;
    std::size_t size;
};

Result<Columns> find_columns(json const& tree) {
    Columns columns{};
    std::pair<char const*, json const**> const wanted[] = {
        {"left_children", &columns.left},       {"right_children", &columns.right},
        {"split_indices", &columns.feature},    {"split_conditions", &columns.value},
        {"default_left", &columns.default_left}, {"sum_hessian", &columns.cover},
        {"loss_changes", &columns.gain},
    };
    if (!tree.is_object()) return no_tree("it is not an object");
    for (auto const& [name, place] : wanted) {
        auto const found = tree.find(name);
        if (found == tree.end() || !found->is_array() || found->empty())
            return no_tree(std::string(name) + " is absent");
        if (columns.size != 0 && found->size() != columns.size) return no_tree("its arrays have different lengths");
        columns.size = found->size();
        *place = &*found;
    }
    return columns;
}

bool categorical(json const& tree) {
    auto const categories = tree.find("categories_nodes");
    if (categories != tree.end() && !categories->empty()) return true;
    auto const types = tree.find("split_type");
    if (types == tree.end() || !types->is_array()) return false;
    for (auto const& type : *types)
        if (!type.is_number_integer() || type.get<int>() != 0) return true;
    return false;
}

bool read_index(json const& item, std::int64_t low, std::int64_t end, std::int64_t& out) {
    if (!item.is_number_integer()) return false;
    out = item.get<std::int64_t>();
    return out >= low && out < end;
}

bool read_finite(json const& item, float& out) {
    if (!item.is_number()) return false;
    out = static_cast<float>(item.get<double>());
    return std::isfinite(out);
}

bool read_flag(json const& item, bool& out) {
    if (item.is_boolean()) out = item.get<bool>();
    else if (item.is_number_integer()) out = item.get<std::int64_t>() != 0;
    else return false;
    return true;
}

Result<TreeNode> read_node(Columns const& columns, std::size_t i, std::size_t feature_count) {
    TreeNode node;
    std::int64_t left = 0, right = 0, feature = 0;
    auto const size = static_cast<std::int64_t>(columns.size);
    if (!read_index((*columns.left)[i], -1, size, left) || !read_index((*columns.right)[i], -1, size, right))
        return no_tree("a child is out of range");
    if ((left < 0) != (right < 0)) return no_tree("a node has one child only");
    if (!read_index((*columns.feature)[i], 0, static_cast<std::int64_t>(feature_count), feature))
        return no_tree("a feature is out of range");
    if (!read_finite((*columns.value)[i], node.value)) return no_tree("a threshold or leaf is not a finite number");
    if (!read_finite((*columns.cover)[i], node.cover) || node.cover < 0)
        return no_tree("a cover is negative or not a finite number");
    if (!read_finite((*columns.gain)[i], node.gain)) return no_tree("a gain is not a finite number");
    if (!read_flag((*columns.default_left)[i], node.default_left)) return no_tree("a default direction is not 0 or 1");
    node.left = static_cast<std::int32_t>(left);
    node.right = static_cast<std::int32_t>(right);
    node.feature = static_cast<std::uint32_t>(feature);
    return node;
}

/// Walks from the root; a node met twice is a cycle or a shared child. Returns the depth.
Result<int> measure(std::vector<TreeNode> const& nodes) {
    std::vector<bool> met(nodes.size(), false);
    std::vector<std::pair<std::int32_t, int>> open{{0, 0}};
    int deepest = 0;
    while (!open.empty()) {
        auto const [index, depth] = open.back();
        open.pop_back();
        auto const place = static_cast<std::size_t>(index);
        if (met[place]) return no_tree("a node has two parents or is its own ancestor");
        if (depth > model_depth_limit) return no_tree("it is deeper than 64");
        met[place] = true;
        deepest = std::max(deepest, depth);
        if (nodes[place].leaf()) continue;
        open.emplace_back(nodes[place].left, depth + 1);
        open.emplace_back(nodes[place].right, depth + 1);
    }
    return deepest;
}

}  // namespace

Result<Tree> read_xgboost_tree(json const& tree, std::size_t feature_count) {
    auto columns = find_columns(tree);
    if (!columns) return columns.error();
    if (categorical(tree)) return no_tree("it has categorical splits");
    Tree result;
    result.nodes.reserve(columns->size);
    for (std::size_t i = 0; i < columns->size; ++i) {
        auto node = read_node(*columns, i, feature_count);
        if (!node) return node.error();
        result.nodes.push_back(*node);
    }
    auto depth = measure(result.nodes);
    if (!depth) return depth.error();
    result.depth = *depth;
    return result;
}

}  // namespace recoup::core
