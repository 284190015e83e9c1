#pragma once
// What the model commands read: streams of events and model files.

#include "app/model/labelled_set.hpp"
#include "app/model/model_commands.hpp"
#include "core/risk/risk_model.hpp"

namespace recoup::app {

Result<std::vector<LabelledSet>> read_sets(ModelData const& data);
/// Errc::not_found and errors of RiskModel::load, naming the file.
/// Empty path: the shipped one.
Result<core::RiskModel> read_model(std::filesystem::path const& path);

}  // namespace recoup::app
