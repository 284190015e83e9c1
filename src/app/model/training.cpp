#include "app/model/training.hpp"

#include "recoup/base/digest.hpp"

#include <cmath>
#include <limits>
#include <set>

namespace recoup::app {
namespace {

using core::Prediction;
using core::Snapshot;
using nlohmann::json;

constexpr std::uint64_t folds = 5;
constexpr std::size_t fewest_rows = 200;

using Rows = std::vector<Snapshot const*>;

Rows training_rows(std::vector<LabelledSet> const& sets) {
    Rows rows;
    for (auto const& set : sets)
        for (auto const& snapshot : set.snapshots)
            if (set.trains(snapshot)) rows.push_back(&snapshot);
    return rows;
}

/// Known values must differ. A column that is one value or missing tells where the data was silent, not what shoppers
/// did, and a threshold beside that one value would judge real values by accident.
bool varies(Rows const& rows, std::size_t column) {
    float first = std::numeric_limits<float>::quiet_NaN();
    for (auto const* row : rows) {
        float const value = row->values[column];
        if (std::isnan(value)) continue;
        if (std::isnan(first)) first = value;
        if (value != first) return true;
    }
    return false;
}

std::vector<std::size_t> columns_that_vary(Rows const& rows) {
    std::vector<std::size_t> columns;
    for (std::size_t i = 0; i < core::feature_list().size(); ++i)
        if (varies(rows, i)) columns.push_back(i);
    return columns;
}

TrainingSet make_set(Rows const& rows, std::vector<std::size_t> const& columns) {
    TrainingSet set;
    for (auto const column : columns) set.features.emplace_back(core::feature_list()[column].name);
    for (auto const* row : rows) {
        for (auto const column : columns) set.rows.push_back(row->values[column]);
        set.labels.push_back(row->label);
    }
    return set;
}

/// Margins for every training row by trees that saw no row of the same person.
struct OutOfFold {
    std::vector<Prediction> all, first_idle;
};

Result<OutOfFold> out_of_fold(Rows const& rows, std::vector<std::size_t> const& columns,
                              TrainingParameters const& parameters, ModelTrainer& trainer) {
    OutOfFold result;
    for (std::uint64_t fold = 0; fold < folds; ++fold) {
        Rows seen, held;
        for (auto const* row : rows) (stable_hash(row->person_id) % folds == fold ? held : seen).push_back(row);
        if (seen.empty() || held.empty()) continue;
        auto trees = trainer.train(make_set(seen, columns), parameters);
        if (!trees) return trees.error();
        auto const forest = core::Forest::load(*trees);
        if (!forest) return forest.error();
        for (auto const* row : held) {
            std::vector<float> values;
            for (auto const column : columns) values.push_back(row->values[column]);
            result.all.push_back({row->person_id, forest->margin(values), 0, row->label == 1.0f});
            if (row->first_idle) result.first_idle.push_back(result.all.back());
        }
    }
    return result;
}

json provenance_of(std::vector<LabelledSet> const& sets, Rows const& rows, std::vector<std::size_t> const& columns,
                   TrainingParameters const& parameters) {
    json data = json::array();
    for (auto const& set : sets)
        data.push_back({{"name", set.info.name}, {"licence", set.info.licence}, {"note", set.info.note},
                        {"events", set.events}, {"carts", set.carts}, {"persons", set.persons},
                        {"snapshots", set.snapshots.size()}, {"from", to_rfc3339(set.from)},
                        {"test_from", to_rfc3339(set.boundary)}, {"to", to_rfc3339(set.to)}});
    json unused = json::array();
    std::set<std::size_t> const used(columns.begin(), columns.end());
    for (std::size_t i = 0; i < core::feature_list().size(); ++i)
        if (!used.contains(i)) unused.push_back(core::feature_list()[i].name);
    double abandoned = 0;
    for (auto const* row : rows) abandoned += row->label;
    return {{"data", data},
            {"label", "no order of the cart or the person within 24 hours of the snapshot"},
            {"split", "the last quarter of each data set's time is the test; a training label closed before it began"},
            {"training_rows", rows.size()},
            {"training_base_rate", abandoned / static_cast<double>(rows.size())},
            {"features_without_data", unused},
            {"calibration", "Platt on predictions for persons held out of five folds"},
            {"threshold", "largest true minus false positive rate on the same, at the first five idle minutes"},
            {"trainer", "libxgboost hist, binary:logistic"},
            {"parameters", {{"trees", parameters.trees}, {"depth", parameters.depth},
                            {"learning_rate", parameters.learning_rate},
                            {"min_child_weight", parameters.min_child_weight},
                            {"subsample", parameters.subsample}, {"column_sample", parameters.column_sample},
                            {"seed", parameters.seed}}}};
}

Result<void> check(Rows const& rows) {
    std::size_t abandoned = 0;
    for (auto const* row : rows) abandoned += row->label == 1.0f;
    if (rows.size() < fewest_rows)
        return error(Errc::invalid, "only " + std::to_string(rows.size()) + " training rows; at least " +
                                        std::to_string(fewest_rows) + " are needed");
    if (abandoned == 0 || abandoned == rows.size())
        return error(Errc::invalid, "every cart of the training part ended the same way; record more events first");
    return {};
}

}  // namespace

Result<core::ModelFile> train_file(std::vector<LabelledSet> const& sets, TrainingParameters const& parameters,
                                   ModelTrainer& trainer, Instant now) {
    auto const rows = training_rows(sets);
    if (auto enough = check(rows); !enough) return enough.error();
    auto const columns = columns_that_vary(rows);
    auto held_out = out_of_fold(rows, columns, parameters, trainer);
    if (!held_out) return held_out.error();
    auto trees = trainer.train(make_set(rows, columns), parameters);
    if (!trees) return trees.error();
    core::ModelFile file;
    file.calibration = core::fit_platt(held_out->all);
    for (auto& item : held_out->first_idle) item.risk = file.calibration.risk(item.margin);
    file.threshold = core::best_threshold(held_out->first_idle);
    file.version = "risk-" + to_hex(sha256(*trees)).substr(0, 10);
    file.trained_at = now;
    file.provenance = provenance_of(sets, rows, columns, parameters);
    file.xgboost = json::parse(*trees, nullptr, false);
    return file;
}

std::vector<float> columns_of(core::RiskModel const& model, Snapshot const& snapshot) {
    std::vector<float> values;
    for (auto const* feature : model.features())
        values.push_back(snapshot.values[static_cast<std::size_t>(feature - core::feature_list().data())]);
    return values;
}

}  // namespace recoup::app
