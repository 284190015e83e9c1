#include "core/risk/evaluation.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace recoup::core {
namespace {

Prediction row(double margin, bool abandoned, std::string person = "p") {
    return {std::move(person), margin, 1 / (1 + std::exp(-margin)), abandoned};
}

TEST(Evaluation, AucCountsPairsAndHalfOfTies) {
    std::vector<Prediction> const rows = {row(3, true), row(2, false), row(2, true), row(1, false)};
    EXPECT_DOUBLE_EQ(auc(rows), (1 + 1 + 0.5 + 1) / 4.0);
    EXPECT_DOUBLE_EQ(auc(std::vector{row(1, true), row(1, false)}), 0.5);
    EXPECT_TRUE(std::isnan(auc(std::vector{row(1, true)})));
    EXPECT_TRUE(std::isnan(auc({})));
}

TEST(Evaluation, TheIntervalHoldsTheValueAndRepeats) {
    SeededRandom random(1);
    std::vector<Prediction> rows;
    for (int i = 0; i < 300; ++i)
        rows.push_back(row(random.unit() + (i % 2 == 0 ? 0.3 : 0.0), i % 2 == 0, std::to_string(i / 3)));
    SeededRandom first(7), second(7);
    auto const interval = auc_interval(rows, 300, first);
    EXPECT_LT(interval.low, auc(rows));
    EXPECT_GT(interval.high, auc(rows));
    EXPECT_EQ(auc_interval(rows, 300, second).low, interval.low);
}

TEST(Evaluation, LossesMatchTheirFormulas) {
    std::vector<Prediction> rows = {row(0, true), row(0, false)};
    rows[0].risk = 0.8;
    rows[1].risk = 0.4;
    EXPECT_NEAR(log_loss(rows), -(std::log(0.8) + std::log(0.6)) / 2, 1e-12);
    EXPECT_NEAR(brier(rows), (0.04 + 0.16) / 2, 1e-12);
    EXPECT_DOUBLE_EQ(base_rate(rows), 0.5);
    EXPECT_NEAR(base_rate_log_loss(rows), std::log(2.0), 1e-12);
}

TEST(Evaluation, BinsAreOfEqualSizeAndTheErrorIsTheirMeanGap) {
    std::vector<Prediction> rows;
    for (int i = 0; i < 40; ++i) {
        rows.push_back(row(0, i % 4 == 0));
        rows.back().risk = i < 20 ? 0.25 : 0.75;
    }
    auto const bins = calibration_bins(rows);
    ASSERT_EQ(bins.size(), 10u);
    for (auto const& bin : bins) EXPECT_EQ(bin.rows, 4u);
    EXPECT_NEAR(calibration_error(bins), (0 + 0.5) / 2, 1e-12);
}

TEST(Evaluation, PlattFindsTheSigmoidThatMadeTheLabels) {
    SeededRandom random(3);
    std::vector<Prediction> rows;
    for (int i = 0; i < 20000; ++i) {
        double const margin = random.unit() * 6 - 3;
        rows.push_back(row(margin, random.unit() < 1 / (1 + std::exp(-(0.6 * margin + 1)))));
    }
    auto const fitted = fit_platt(rows);
    EXPECT_NEAR(fitted.slope, 0.6, 0.05);
    EXPECT_NEAR(fitted.intercept, 1.0, 0.05);
}

TEST(Evaluation, PlattKeepsTheIdentityWhenMarginsRankBackwards) {
    std::vector<Prediction> rows;
    for (int i = 0; i < 100; ++i) rows.push_back(row(i < 50 ? 1 : -1, i >= 50));
    EXPECT_EQ(fit_platt(rows).slope, 1);
    EXPECT_EQ(fit_platt({}).slope, 1);
}

TEST(Evaluation, TheThresholdSeparatesBest) {
    std::vector<Prediction> const rows = {row(-2, false), row(-1, false), row(1, true), row(2, true)};
    EXPECT_DOUBLE_EQ(best_threshold(rows), rows[2].risk);
    EXPECT_DOUBLE_EQ(best_threshold({}), 0.5);
}

}  // namespace
}  // namespace recoup::core
