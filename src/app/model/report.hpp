#pragma once
// What an evaluation found, as JSON for programs and the model file, and as text for people.

#include "core/risk/evaluation.hpp"

#include <nlohmann/json.hpp>

#include <iosfwd>
#include <string>
#include <vector>

namespace recoup::app {

/// {"rows", "persons", "base_rate", "auc", "auc_low", "auc_high", "log_loss", "base_rate_log_loss", "brier",
///  "calibration_error", "calibration": [{"rows", "mean_risk", "abandoned_share"}]}; null = does not exist.
nlohmann::json measure(std::vector<core::Prediction> const& predictions);

/// What measure_sets returned, or what a model file says it returned once: tolerates anything.
void print_measured(nlohmann::json const& measured, std::ostream& out);
void print_provenance(nlohmann::json const& provenance, std::ostream& out);

}  // namespace recoup::app
