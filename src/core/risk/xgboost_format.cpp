#include "core/risk/xgboost_format.hpp"

#include "core/risk/xgboost_tree.hpp"

#include <nlohmann/json.hpp>

#include <charconv>
#include <cmath>
#include <optional>
#include <set>

namespace recoup::core {
namespace {

using nlohmann::json;

Error refused(std::string what) { return error(Errc::invalid, "not a usable XGBoost model: " + std::move(what)); }

json const* find(json const& parent, std::initializer_list<std::string_view> path) {
    json const* at = &parent;
    for (auto key : path) {
        if (!at->is_object()) return nullptr;
        auto const found = at->find(key);
        if (found == at->end()) return nullptr;
        at = &*found;
    }
    return at;
}

/// XGBoost writes its parameters as strings.
template <class Number>
std::optional<Number> parameter(json const& parent, std::initializer_list<std::string_view> path) {
    auto const* found = find(parent, path);
    if (!found || !found->is_string()) return std::nullopt;
    auto const& text = found->get_ref<std::string const&>();
    Number value{};
    auto const [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

bool names(json const& parent, std::initializer_list<std::string_view> path, std::string_view expected) {
    auto const* found = find(parent, path);
    return found && found->is_string() && found->get_ref<std::string const&>() == expected;
}

Result<void> check_kind(json const& learner) {
    if (!names(learner, {"objective", "name"}, "binary:logistic"))
        return refused("the objective must be binary:logistic");
    if (!names(learner, {"gradient_booster", "name"}, "gbtree")) return refused("the booster must be gbtree");
    if (parameter<int>(learner, {"learner_model_param", "num_class"}).value_or(0) > 1)
        return refused("it has several classes");
    if (parameter<int>(learner, {"learner_model_param", "num_target"}).value_or(1) > 1)
        return refused("it has several targets");
    return {};
}

/// The same float arithmetic as XGBoost's ProbToMargin, so that sums start from the same bits.
Result<float> read_base_margin(json const& learner) {
    auto const score = parameter<float>(learner, {"learner_model_param", "base_score"});
    if (!score || !(*score > 0.0f && *score < 1.0f)) return refused("base_score must be between 0 and 1");
    return -std::log(1.0f / *score - 1.0f);
}

Result<std::vector<std::string>> read_features(json const& learner) {
    auto const count = parameter<std::size_t>(learner, {"learner_model_param", "num_feature"});
    if (!count || *count == 0 || *count > model_features_limit) return refused("num_feature is out of range");
    auto const* given = find(learner, {"feature_names"});
    std::vector<std::string> features;
    if (!given || given->empty()) {
        for (std::size_t i = 0; i < *count; ++i) features.push_back("f" + std::to_string(i));
        return features;
    }
    if (!given->is_array() || given->size() != *count) return refused("feature_names does not match num_feature");
    std::set<std::string_view> seen;
    for (auto const& item : *given) {
        if (!item.is_string()) return refused("a feature name is not text");
        features.push_back(item.get<std::string>());
        if (!seen.insert(item.get_ref<std::string const&>()).second)
            return refused("feature '" + features.back() + "' is named twice");
    }
    return features;
}

Result<std::vector<Tree>> read_trees(json const& learner, std::size_t features) {
    auto const* trees = find(learner, {"gradient_booster", "model", "trees"});
    auto const* classes = find(learner, {"gradient_booster", "model", "tree_info"});
    if (!trees || !trees->is_array() || trees->size() > model_trees_limit)
        return refused("trees are absent or too many");
    if (!classes || !classes->is_array() || classes->size() != trees->size())
        return refused("tree_info does not match the trees");
    for (auto const& item : *classes)
        if (!item.is_number_integer() || item.get<std::int64_t>() != 0) return refused("it has several classes");
    std::vector<Tree> result;
    for (auto const& item : *trees) {
        auto tree = read_xgboost_tree(item, features);
        if (!tree) return refused("tree " + std::to_string(result.size()) + ": " + tree.error().message);
        result.push_back(std::move(*tree));
    }
    return result;
}

}  // namespace

Result<XgboostModel> read_xgboost_model(std::string_view json_text) {
    if (json_text.size() > model_bytes_limit) return refused("it is larger than 64 MiB");
    auto const document = json::parse(json_text, nullptr, false);
    if (document.is_discarded()) return refused("it is not JSON");
    return read_xgboost_model(document);
}

Result<XgboostModel> read_xgboost_model(json const& document) {
    auto const* learner = find(document, {"learner"});
    if (!learner) return refused("there is no learner in it");
    if (auto kind = check_kind(*learner); !kind) return kind.error();
    auto base = read_base_margin(*learner);
    if (!base) return base.error();
    auto features = read_features(*learner);
    if (!features) return features.error();
    auto trees = read_trees(*learner, features->size());
    if (!trees) return trees.error();
    return XgboostModel{std::move(*features), *base, std::move(*trees)};
}

}  // namespace recoup::core
