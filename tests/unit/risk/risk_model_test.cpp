#include "core/risk/risk_model.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace recoup::core {
namespace {

using nlohmann::json;

/// One tree: a cart at the payment stage (4) is worth -1, any other +1.
json stage_trees(std::string const& feature) {
    json tree = {
        {"left_children", {1, -1, -1}},         {"right_children", {2, -1, -1}},
        {"split_indices", {0, 0, 0}},           {"split_conditions", {3.5, 1.0, -1.0}},
        {"default_left", {1, 0, 0}},            {"sum_hessian", {8.0, 6.0, 2.0}},
        {"loss_changes", {3.0, 0.0, 0.0}},      {"split_type", {0, 0, 0}},
    };
    json model = {{"trees", json::array({tree})}, {"tree_info", json::array({0})}};
    json parameters = {{"base_score", "5E-1"}, {"num_class", "0"}, {"num_feature", "1"}};
    return {{"learner", {{"feature_names", json::array({feature})}, {"learner_model_param", parameters},
                         {"objective", {{"name", "binary:logistic"}}},
                         {"gradient_booster", {{"name", "gbtree"}, {"model", model}}}}}};
}

ModelFile small_file() {
    ModelFile file;
    file.version = "test-1";
    file.trained_at = instant_from_seconds(1'700'000'000);
    file.threshold = 0.6;
    file.calibration = {2.0, -0.5};
    file.provenance = {{"data", "made up"}};
    file.xgboost = stage_trees("cart_stage");
    return file;
}

Cart cart_at(Stage stage) {
    Cart cart;
    cart.stage = stage;
    return cart;
}

TEST(RiskModel, SurvivesItsOwnFile) {
    auto const model = RiskModel::load(write_model_file(small_file())).value();
    EXPECT_EQ(model.version(), "test-1");
    EXPECT_DOUBLE_EQ(model.threshold(), 0.6);
    EXPECT_EQ(model.file().provenance.at("data"), "made up");
    EXPECT_EQ(model.features().front()->name, "cart_stage");
}

TEST(RiskModel, KeepsTheRawMarginAndCalibratesTheRisk) {
    auto const model = RiskModel::make(small_file()).value();
    auto const score = model.score(cart_at(Stage::cart), Person{}, Instant{}, false);
    EXPECT_EQ(score.model, "test-1");
    EXPECT_DOUBLE_EQ(score.margin, 1.0);
    EXPECT_DOUBLE_EQ(score.risk, 1 / (1 + std::exp(-1.5)));
    EXPECT_TRUE(score.contributions.empty());
}

TEST(RiskModel, ContributionsAddUpToTheMargin) {
    auto const model = RiskModel::make(small_file()).value();
    auto const score = model.score(cart_at(Stage::payment), Person{}, Instant{}, true);
    ASSERT_EQ(score.contributions.size(), 1u);
    EXPECT_EQ(score.contributions[0].feature, "cart_stage");
    EXPECT_DOUBLE_EQ(score.contributions[0].value.value(), 4.0);
    EXPECT_DOUBLE_EQ(score.bias, 0.5);
    EXPECT_DOUBLE_EQ(score.bias + score.contributions[0].share, score.margin);
}

TEST(RiskModel, AnUnknownFeatureRefusesToLoadAndIsNamed) {
    auto file = small_file();
    file.xgboost = stage_trees("moon_phase");
    auto const model = RiskModel::make(file);
    ASSERT_FALSE(model);
    EXPECT_EQ(model.error().code, Errc::configuration);
    EXPECT_NE(model.error().message.find("'moon_phase'"), std::string::npos);
}

TEST(RiskModel, RefusesFilesThatAreNotModels) {
    auto const good = json::parse(write_model_file(small_file()));
    std::pair<char const*, json> const changes[] = {
        {"format", "recoup-model-2"}, {"version", ""},        {"trained_at", "yesterday"}, {"threshold", 1.5},
        {"threshold", "0.5"},         {"calibration", json()}, {"calibration", {{"slope", -1}, {"intercept", 0}}},
        {"xgboost", 7},
    };
    for (auto const& [key, value] : changes) {
        auto bad = good;
        bad[key] = value;
        EXPECT_FALSE(RiskModel::load(bad.dump())) << key;
    }
    EXPECT_FALSE(RiskModel::load(""));
    EXPECT_FALSE(RiskModel::load("[]"));
    EXPECT_FALSE(RiskModel::load(good.at("xgboost").dump()));
}

}  // namespace
}  // namespace recoup::core
