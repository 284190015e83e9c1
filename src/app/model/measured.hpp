#pragma once
// A model measured on labelled sets, each alone and all together.

#include "app/model/labelled_set.hpp"
#include "core/risk/risk_model.hpp"

#include <nlohmann/json.hpp>

namespace recoup::app {

/// {"all": measure(...), "sets": [{"name", "part": "test"|"all", ...measure(...)}]}. A set that the model was trained
/// on counts from the test_from that its provenance says.
nlohmann::json measure_sets(core::RiskModel const& model, std::vector<LabelledSet> const& sets);

}  // namespace recoup::app
