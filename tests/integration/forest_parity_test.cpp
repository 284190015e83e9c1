// Our evaluator and contributions beside libxgboost's own, on models trained here.

#include "adapter/xgboost/handles.hpp"
#include "adapter/xgboost/trainer.hpp"
#include "core/risk/contributions.hpp"
#include "core/risk/forest.hpp"
#include "recoup/base/random.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

namespace recoup {
namespace {

constexpr float missing = std::numeric_limits<float>::quiet_NaN();

struct Shape {
    int trees, depth;
    std::size_t columns;
    double missing_share;
    double min_child_weight;
};

TrainingSet make_set(std::size_t rows, Shape const& shape, std::uint64_t seed) {
    SeededRandom random(seed);
    TrainingSet set;
    for (std::size_t c = 0; c < shape.columns; ++c) set.features.push_back("column_" + std::to_string(c));
    for (std::size_t r = 0; r < rows; ++r) {
        double signal = 0;
        for (std::size_t c = 0; c < shape.columns; ++c) {
            // Every third column is coarse, so that rows sit exactly on thresholds.
            double const value = c % 3 == 0 ? static_cast<double>(random.below(8)) : random.unit() * 10 - 5;
            bool const absent = random.unit() < shape.missing_share;
            set.rows.push_back(absent ? missing : static_cast<float>(value));
            signal += absent ? 0.3 : std::sin(value * static_cast<double>(c + 1));
        }
        set.labels.push_back(signal + random.unit() * 2 - 1 > 0 ? 1.0f : 0.0f);
    }
    return set;
}

struct Trained {
    core::Forest forest;
    xgboost::Booster booster;
};

Trained train(Shape const& shape) {
    auto trainer = xgboost::make_trainer();
    TrainingParameters parameters;
    parameters.trees = shape.trees;
    parameters.depth = shape.depth;
    parameters.min_child_weight = shape.min_child_weight;
    auto const json = trainer->train(make_set(3000, shape, 7), parameters).value();
    BoosterHandle handle = nullptr;
    EXPECT_EQ(XGBoosterCreate(nullptr, 0, &handle), 0);
    xgboost::Booster booster(handle);
    EXPECT_EQ(XGBoosterSetParam(handle, "nthread", "1"), 0);
    EXPECT_EQ(XGBoosterLoadModelFromBuffer(handle, json.data(), json.size()), 0) << XGBGetLastError();
    return {core::Forest::load(json).value(), std::move(booster)};
}

/// type 1 = margins, 2 = contributions, as XGBoosterPredictFromDMatrix.
std::vector<float> predict(Trained const& trained, TrainingSet const& set, int type) {
    DMatrixHandle handle = nullptr;
    EXPECT_EQ(XGDMatrixCreateFromMat(set.rows.data(), set.row_count(), set.features.size(), missing, &handle), 0);
    xgboost::Matrix matrix(handle);
    std::vector<char const*> names;
    for (auto const& name : set.features) names.push_back(name.c_str());
    EXPECT_EQ(XGDMatrixSetStrFeatureInfo(handle, "feature_name", names.data(), names.size()), 0);
    auto const config = R"({"type": )" + std::to_string(type) +
                        R"(, "training": false, "iteration_begin": 0, "iteration_end": 0, "strict_shape": false})";
    bst_ulong const* shape = nullptr;
    bst_ulong dimensions = 0;
    float const* values = nullptr;
    auto* const booster = trained.booster.get();
    EXPECT_EQ(XGBoosterPredictFromDMatrix(booster, handle, config.c_str(), &shape, &dimensions, &values), 0)
        << XGBGetLastError();
    std::size_t size = 1;
    for (bst_ulong i = 0; i < dimensions; ++i) size *= shape[i];
    return {values, values + size};
}

std::span<float const> row_of(TrainingSet const& set, std::size_t row) {
    return std::span(set.rows).subspan(row * set.features.size(), set.features.size());
}

TEST(ForestParity, MarginsAreBitIdenticalOnTenThousandRows) {
    Shape const shapes[] = {
        {1, 1, 3, 0.2, 1},    {37, 3, 12, 0.1, 10},  {120, 6, 40, 0.15, 1},
        {20, 8, 140, 0.1, 1}, {12, 11, 20, 0.2, 0},
    };
    for (auto const& shape : shapes) {
        auto const trained = train(shape);
        ASSERT_EQ(trained.forest.tree_count(), static_cast<std::size_t>(shape.trees));
        auto const set = make_set(10000, shape, 99);
        auto const expected = predict(trained, set, 1);
        ASSERT_EQ(expected.size(), 10000u);
        int different = 0;
        for (std::size_t r = 0; r < expected.size(); ++r) {
            auto const ours = std::bit_cast<std::uint32_t>(trained.forest.margin(row_of(set, r)));
            different += ours != std::bit_cast<std::uint32_t>(expected[r]);
        }
        EXPECT_EQ(different, 0) << "trees " << shape.trees << " depth " << trained.forest.depth();
    }
}

TEST(ForestParity, TheDeepFallbackIsReallyDeep) {
    EXPECT_GT(train({12, 11, 20, 0.2, 0}).forest.depth(), core::PackedTrees::depth_limit);
}

TEST(ForestParity, ContributionsEqualLibxgboostsAndAddUp) {
    Shape const shapes[] = {{37, 3, 12, 0.1, 10}, {30, 6, 25, 0.15, 1}, {8, 11, 20, 0.2, 0}};
    for (auto const& shape : shapes) {
        auto const trained = train(shape);
        auto const set = make_set(60, shape, 5);
        auto const expected = predict(trained, set, 2);
        auto const width = shape.columns + 1;
        ASSERT_EQ(expected.size(), 60 * width);
        for (std::size_t r = 0; r < 60; ++r) {
            auto const ours = core::contributions(trained.forest, row_of(set, r));
            double sum = ours.bias;
            for (std::size_t c = 0; c < shape.columns; ++c) {
                EXPECT_NEAR(ours.shares[c], expected[r * width + c], 1e-5) << "row " << r << " column " << c;
                sum += ours.shares[c];
            }
            EXPECT_NEAR(ours.bias, expected[r * width + shape.columns], 1e-5);
            EXPECT_NEAR(sum, trained.forest.margin(row_of(set, r)), 1e-4);
        }
    }
}

TEST(ForestParity, TrainingTwiceGivesTheSameModel) {
    auto const set = make_set(1000, {5, 3, 6, 0.1, 1}, 3);
    auto trainer = xgboost::make_trainer();
    EXPECT_EQ(trainer->train(set, {}).value(), trainer->train(set, {}).value());
}

TEST(ForestParity, TheTrainerRefusesSetsThatDoNotFit) {
    auto trainer = xgboost::make_trainer();
    auto set = make_set(20, {5, 3, 6, 0.1, 1}, 3);
    EXPECT_FALSE(trainer->train({}, {}));
    set.labels[3] = 0.5f;
    EXPECT_EQ(trainer->train(set, {}).error().code, Errc::invalid);
    set.labels.pop_back();
    EXPECT_EQ(trainer->train(set, {}).error().code, Errc::invalid);
}

}  // namespace
}  // namespace recoup
