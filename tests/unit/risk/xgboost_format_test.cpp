#include "core/risk/forest.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <limits>

namespace recoup::core {
namespace {

using nlohmann::json;

/// Root splits on "a" at 2 (missing left); its right child splits on "b" at 0 (missing right).
json small_model() {
    json tree = {
        {"left_children", {1, -1, 3, -1, -1}},  {"right_children", {2, -1, 4, -1, -1}},
        {"split_indices", {0, 0, 1, 0, 0}},     {"split_conditions", {2.0, -1.0, 0.0, 0.5, 1.5}},
        {"default_left", {1, 0, 0, 0, 0}},      {"sum_hessian", {10.0, 4.0, 6.0, 3.0, 3.0}},
        {"loss_changes", {5.0, 0.0, 2.0, 0.0, 0.0}}, {"split_type", {0, 0, 0, 0, 0}},
        {"categories", json::array()},
    };
    json model = {{"trees", {tree}}, {"tree_info", {0}}};
    json parameters = {{"base_score", "5E-1"}, {"num_class", "0"}, {"num_feature", "2"}, {"num_target", "1"}};
    return {{"learner", {{"feature_names", {"a", "b"}}, {"learner_model_param", parameters},
                         {"objective", {{"name", "binary:logistic"}}},
                         {"gradient_booster", {{"name", "gbtree"}, {"model", model}}}}}};
}

json& tree_of(json& model) { return model["learner"]["gradient_booster"]["model"]["trees"][0]; }

float margin_of(json const& model, float a, float b) {
    float const row[] = {a, b};
    return Forest::load(model.dump()).value().margin(row);
}

TEST(XgboostFormat, ReadsSplitsMissingDirectionsAndBoundaries) {
    float const missing = std::numeric_limits<float>::quiet_NaN();
    auto const model = small_model();
    EXPECT_EQ(margin_of(model, 1.9f, 0), -1.0f);
    EXPECT_EQ(margin_of(model, 2.0f, -1), 0.5f);       // strictly less goes left
    EXPECT_EQ(margin_of(model, missing, -1), -1.0f);   // missing goes left
    EXPECT_EQ(margin_of(model, 3.0f, missing), 1.5f);  // missing goes right
    EXPECT_EQ(Forest::load(model.dump()).value().gains(), (std::vector<double>{5.0, 2.0}));
}

TEST(XgboostFormat, StartsFromTheLogitOfTheBaseScore) {
    auto model = small_model();
    model["learner"]["learner_model_param"]["base_score"] = "2E-1";
    EXPECT_NEAR(margin_of(model, 1, 0), -1.0 + std::log(0.25), 1e-6);
    for (auto const* bad : {"0", "1", "nan", "", "[5E-1]", "0.5x"}) {
        model["learner"]["learner_model_param"]["base_score"] = bad;
        EXPECT_EQ(Forest::load(model.dump()).error().code, Errc::invalid) << bad;
    }
}

TEST(XgboostFormat, NamesColumnsThatHaveNoName) {
    auto model = small_model();
    model["learner"]["feature_names"] = json::array();
    EXPECT_EQ(Forest::load(model.dump()).value().feature_names(), (std::vector<std::string>{"f0", "f1"}));
}

struct Attack {
    char const* what;
    void (*change)(json&);
};

TEST(XgboostFormat, RefusesOtherKindsAndHostileInput) {
    Attack const attacks[] = {
        {"regression", [](json& m) { m["learner"]["objective"]["name"] = "reg:squarederror"; }},
        {"dart", [](json& m) { m["learner"]["gradient_booster"]["name"] = "dart"; }},
        {"linear", [](json& m) { m["learner"]["gradient_booster"]["name"] = "gblinear"; }},
        {"classes", [](json& m) { m["learner"]["learner_model_param"]["num_class"] = "3"; }},
        {"class of tree", [](json& m) { m["learner"]["gradient_booster"]["model"]["tree_info"] = {1}; }},
        {"targets", [](json& m) { m["learner"]["learner_model_param"]["num_target"] = "2"; }},
        {"categorical", [](json& m) { tree_of(m)["split_type"] = {1, 0, 0, 0, 0}; }},
        {"self loop", [](json& m) { tree_of(m)["left_children"][2] = 2; }},
        {"cycle to root", [](json& m) { tree_of(m)["left_children"][2] = 0; }},
        {"shared child", [](json& m) { tree_of(m)["left_children"][2] = 1; }},
        {"child past end", [](json& m) { tree_of(m)["left_children"][0] = 5; }},
        {"child below -1", [](json& m) { tree_of(m)["left_children"][0] = -2; }},
        {"huge child", [](json& m) { tree_of(m)["left_children"][0] = 1e300; }},
        {"one child", [](json& m) { tree_of(m)["left_children"][1] = 3; }},
        {"feature", [](json& m) { tree_of(m)["split_indices"][0] = 2; }},
        {"negative feature", [](json& m) { tree_of(m)["split_indices"][0] = -1; }},
        {"null threshold", [](json& m) { tree_of(m)["split_conditions"][0] = nullptr; }},
        {"threshold past float", [](json& m) { tree_of(m)["split_conditions"][0] = 1e300; }},
        {"negative cover", [](json& m) { tree_of(m)["sum_hessian"][0] = -1; }},
        {"lengths", [](json& m) { tree_of(m)["sum_hessian"].push_back(1); }},
        {"empty tree", [](json& m) { tree_of(m)["left_children"] = json::array(); }},
        {"tree is text", [](json& m) { tree_of(m) = "x"; }},
        {"no trees", [](json& m) { m["learner"]["gradient_booster"]["model"].erase("trees"); }},
        {"feature count", [](json& m) { m["learner"]["learner_model_param"]["num_feature"] = "99999999999"; }},
        {"name count", [](json& m) { m["learner"]["feature_names"] = {"a"}; }},
        {"twice", [](json& m) { m["learner"]["feature_names"] = {"a", "a"}; }},
        {"array", [](json& m) { m = json::array({m}); }},
    };
    for (auto const& attack : attacks) {
        auto model = small_model();
        attack.change(model);
        auto const loaded = Forest::load(model.dump());
        ASSERT_FALSE(loaded) << attack.what;
        EXPECT_EQ(loaded.error().code, Errc::invalid) << attack.what;
    }
}

TEST(XgboostFormat, RefusesTextThatIsNotAModel) {
    auto const text = small_model().dump();
    for (std::size_t cut = 0; cut < text.size(); cut += 7) EXPECT_FALSE(Forest::load(text.substr(0, cut)));
    EXPECT_FALSE(Forest::load(std::string(200000, '[')));
    EXPECT_FALSE(Forest::load("{\"learner\":NaN}"));
}

TEST(XgboostFormat, RefusesAChainOfNodesPastTheDepthLimit) {
    auto model = small_model();
    json left, right, zeros;
    int const depth = 100;
    for (int i = 0; i < depth; ++i) {
        left.push_back(2 * i + 1);
        right.push_back(2 * i + 2);
        left.push_back(-1);
        right.push_back(-1);
    }
    // Nodes: split i sits at 2i (0, 2, 4, ...), its left leaf at 2i + 1, the next split at 2i + 2.
    left.push_back(-1);
    right.push_back(-1);
    for (std::size_t i = 0; i < left.size(); ++i) zeros.push_back(0);
    auto& tree = tree_of(model);
    tree["left_children"] = left;
    tree["right_children"] = right;
    for (auto const* column :
         {"split_indices", "split_conditions", "default_left", "sum_hessian", "loss_changes", "split_type"})
        tree[column] = zeros;
    auto const loaded = Forest::load(model.dump());
    ASSERT_FALSE(loaded);
    EXPECT_NE(loaded.error().message.find("deeper"), std::string::npos);
}

}  // namespace
}  // namespace recoup::core
