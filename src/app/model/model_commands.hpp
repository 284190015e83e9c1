#pragma once
// `recoup model train|eval|show` without the command line: plain functions that print to a stream.

#include "app/model/event_stream.hpp"
#include "core/policy/facts.hpp"
#include "recoup/port/trainer.hpp"

#include <filesystem>
#include <iosfwd>
#include <vector>

namespace recoup::app {

/// Events to learn from or to measure with: data sets on disk, then recorded events of shops.
struct ModelData {
    std::vector<std::filesystem::path> paths;     // files or folders; with no recorded events, empty = ../shared/data
    std::vector<EventStream*> recorded;           // owned by the caller
    core::Policy policy{};                        // from whom nothing is learned
};

struct ModelTrainOptions {
    ModelData data;
    std::filesystem::path out;
    Instant now{};
    TrainingParameters parameters = [] {
        TrainingParameters shipped;
        shipped.trees = 120;
        shipped.depth = 3;
        shipped.min_child_weight = 20;
        return shipped;
    }();
    bool json = false;
};

struct ModelEvalOptions {
    ModelData data;
    std::filesystem::path model;
    bool json = false;
};

struct ModelShowOptions {
    std::filesystem::path model;
    bool json = false;
};

/// Trains, measures on the test part, writes the file (atomically) and prints what `eval` would.
Result<void> model_train(ModelTrainOptions const& options, std::ostream& out);
/// On data the model was trained on: only the part of time held out then. On any other data: all of it.
Result<void> model_eval(ModelEvalOptions const& options, std::ostream& out);
/// Metadata and features with their share of all split gains.
Result<void> model_show(ModelShowOptions const& options, std::ostream& out);

}  // namespace recoup::app
