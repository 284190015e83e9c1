#pragma once
// The model file: XGBoost's JSON in a wrapper that says where it comes from.
//   {"format": "recoup-model-1", "version": "...", "trained_at": RFC 3339, "threshold": 0 < t < 1,
//    "calibration": {"slope": a, "intercept": b}, "provenance": {...}, "metrics": {...}, "xgboost": {...}}
// Calibration is Platt's: risk = sigmoid(slope * margin + intercept), fitted on rows the trees had not seen.

#include "recoup/base/result.hpp"
#include "recoup/base/time.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace recoup::core {

inline constexpr std::string_view model_format = "recoup-model-1";

struct Calibration {
    double slope = 1, intercept = 0;

    double risk(double margin) const;
};

struct ModelFile {
    std::string version;
    Instant trained_at{};
    double threshold = 0.5;        // a risk at or above it counts as a predicted abandonment
    Calibration calibration;
    nlohmann::json provenance = nlohmann::json::object();
    nlohmann::json metrics = nlohmann::json::object();
    nlohmann::json xgboost;
};

/// Errc::invalid, naming what is wrong.
Result<ModelFile> read_model_file(std::string_view text);
std::string write_model_file(ModelFile const& file);

}  // namespace recoup::core
