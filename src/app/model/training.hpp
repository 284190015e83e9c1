#pragma once
// From labelled sets to a model file: choose the columns that have anything to say, calibrate and choose the threshold
// on predictions for persons that were held out of five folds, train on the whole training part.

#include "app/model/labelled_set.hpp"
#include "core/risk/evaluation.hpp"
#include "core/risk/risk_model.hpp"
#include "recoup/port/trainer.hpp"

#include <vector>

namespace recoup::app {

/// The file's metrics are left empty; provenance is complete. Errc::invalid when the training part is too small or
/// knows one outcome only.
Result<core::ModelFile> train_file(std::vector<LabelledSet> const& sets, TrainingParameters const& parameters,
                                   ModelTrainer& trainer, Instant now);

/// What `model` says about the rows that `wanted` picks.
template <class Wanted>
std::vector<core::Prediction> predict(core::RiskModel const& model, std::vector<core::Snapshot> const& snapshots,
                                      Wanted wanted);

/// The model's columns of one snapshot.
std::vector<float> columns_of(core::RiskModel const& model, core::Snapshot const& snapshot);

template <class Wanted>
std::vector<core::Prediction> predict(core::RiskModel const& model, std::vector<core::Snapshot> const& snapshots,
                                      Wanted wanted) {
    std::vector<core::Prediction> predictions;
    for (auto const& snapshot : snapshots) {
        if (!wanted(snapshot)) continue;
        double const margin = model.forest().margin(columns_of(model, snapshot));
        predictions.push_back(
            {snapshot.person_id, margin, model.file().calibration.risk(margin), snapshot.label == 1.0f});
    }
    return predictions;
}

}  // namespace recoup::app
