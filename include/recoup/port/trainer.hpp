#pragma once
// Model training behind a port; libxgboost is the adapter. Serving never uses it (core/forest evaluates).

#include "recoup/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace recoup {

struct TrainingSet {
    std::vector<std::string> features;   // column names
    std::vector<float> rows;             // row-major, NaN = missing
    std::vector<float> labels;           // 0 or 1
    std::size_t row_count() const { return labels.size(); }
};

struct TrainingParameters {
    int trees = 150;
    int depth = 3;
    double learning_rate = 0.05;
    double min_child_weight = 10;
    double subsample = 0.8;
    double column_sample = 0.8;
    std::uint64_t seed = 1;
};

class ModelTrainer {
public:
    virtual ~ModelTrainer() = default;
    /// The trained model in XGBoost's JSON format, with feature names. Single-threaded. Errc::invalid, Errc::internal.
    virtual Result<std::string> train(TrainingSet const& set, TrainingParameters const& parameters) = 0;
};

}  // namespace recoup
