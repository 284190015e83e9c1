#pragma once
// How good probabilities are: ranking (AUC with a bootstrap interval over persons), log loss, Brier score, calibration.

#include "core/risk/model_file.hpp"
#include "recoup/base/random.hpp"

#include <span>
#include <string>
#include <vector>

namespace recoup::core {

struct Prediction {
    std::string person_id;       // rows of one person are not independent: the bootstrap draws persons
    double margin = 0;
    double risk = 0;
    bool abandoned = false;
};

/// Probability that an abandoned cart has a higher margin than an ordered one; ties count half. NaN with one class.
double auc(std::span<Prediction const> predictions);

struct Interval {
    double low = 0, high = 0;
};
/// 95 % percentile interval of auc over `draws` samples of persons with replacement.
Interval auc_interval(std::span<Prediction const> predictions, int draws, Random& random);

double log_loss(std::span<Prediction const> predictions);
double brier(std::span<Prediction const> predictions);
double base_rate(std::span<Prediction const> predictions);
/// Log loss of saying the base rate for every row: what a model must beat.
double base_rate_log_loss(std::span<Prediction const> predictions);

struct CalibrationBin {
    std::size_t rows = 0;
    double mean_risk = 0, abandoned_share = 0;
};
/// Up to ten bins of equal size by risk, lowest first.
std::vector<CalibrationBin> calibration_bins(std::span<Prediction const> predictions);
/// Expected calibration error over those bins.
double calibration_error(std::span<CalibrationBin const> bins);

/// Platt's sigmoid by Newton's method with his smoothed targets (Lin, Lin, Weng 2007). The identity when the margins do
/// not rank at all (no positive slope) or one class is absent.
Calibration fit_platt(std::span<Prediction const> predictions);

/// The risk that best separates the classes (largest true minus false positive rate); 0.5 with one class only.
double best_threshold(std::span<Prediction const> predictions);

}  // namespace recoup::core
