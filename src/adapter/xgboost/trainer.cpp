#include "adapter/xgboost/trainer.hpp"

#include "adapter/xgboost/handles.hpp"

#include <cmath>
#include <limits>
#include <utility>

namespace recoup::xgboost {
namespace {

constexpr float missing = std::numeric_limits<float>::quiet_NaN();

std::vector<char const*> pointers(std::vector<std::string> const& texts) {
    std::vector<char const*> result;
    for (auto const& text : texts) result.push_back(text.c_str());
    return result;
}

Result<void> check(TrainingSet const& set) {
    if (set.features.empty() || set.labels.empty()) return error(Errc::invalid, "the training set is empty");
    if (set.rows.size() != set.features.size() * set.labels.size())
        return error(Errc::invalid, "the training set's rows do not match its features and labels");
    for (float label : set.labels)
        if (label != 0.0f && label != 1.0f) return error(Errc::invalid, "labels must be 0 or 1");
    for (float value : set.rows)
        if (std::isinf(value)) return error(Errc::invalid, "a feature is infinite; use NaN for missing");
    return {};
}

Result<Matrix> make_matrix(TrainingSet const& set) {
    DMatrixHandle handle = nullptr;
    if (XGDMatrixCreateFromMat(set.rows.data(), set.row_count(), set.features.size(), missing, &handle) != 0)
        return last_error();
    Matrix matrix(handle);
    if (XGDMatrixSetFloatInfo(handle, "label", set.labels.data(), set.labels.size()) != 0) return last_error();
    return matrix;
}

Result<Booster> make_booster(Matrix const& matrix, TrainingSet const& set, TrainingParameters const& parameters) {
    DMatrixHandle const data[] = {matrix.get()};
    BoosterHandle handle = nullptr;
    if (XGBoosterCreate(data, 1, &handle) != 0) return last_error();
    Booster booster(handle);
    std::pair<char const*, std::string> const settings[] = {
        {"booster", "gbtree"},
        {"objective", "binary:logistic"},
        {"tree_method", "hist"},
        {"base_score", "0.5"},
        {"nthread", "1"},
        {"verbosity", "0"},
        {"seed", std::to_string(parameters.seed)},
        {"max_depth", std::to_string(parameters.depth)},
        {"eta", std::to_string(parameters.learning_rate)},
        {"min_child_weight", std::to_string(parameters.min_child_weight)},
        {"subsample", std::to_string(parameters.subsample)},
        {"colsample_bytree", std::to_string(parameters.column_sample)},
    };
    for (auto const& [key, value] : settings)
        if (XGBoosterSetParam(handle, key, value.c_str()) != 0) return last_error();
    auto names = pointers(set.features);
    if (XGBoosterSetStrFeatureInfo(handle, "feature_name", names.data(), names.size()) != 0) return last_error();
    return booster;
}

class Trainer final : public ModelTrainer {
public:
    Result<std::string> train(TrainingSet const& set, TrainingParameters const& parameters) override {
        if (auto sound = check(set); !sound) return sound.error();
        auto matrix = make_matrix(set);
        if (!matrix) return matrix.error();
        auto booster = make_booster(*matrix, set, parameters);
        if (!booster) return booster.error();
        for (int tree = 0; tree < parameters.trees; ++tree)
            if (XGBoosterUpdateOneIter(booster->get(), tree, matrix->get()) != 0) return last_error();
        bst_ulong size = 0;
        char const* bytes = nullptr;
        if (XGBoosterSaveModelToBuffer(booster->get(), R"({"format": "json"})", &size, &bytes) != 0)
            return last_error();
        return std::string(bytes, size);
    }
};

}  // namespace

std::unique_ptr<ModelTrainer> make_trainer() { return std::make_unique<Trainer>(); }

}  // namespace recoup::xgboost
