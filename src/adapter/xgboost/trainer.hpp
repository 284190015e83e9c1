#pragma once
// ModelTrainer on libxgboost's C interface: hist trees, one thread, seeded, so the same set gives the same model.

#include "recoup/port/trainer.hpp"

#include <memory>

namespace recoup::xgboost {

std::unique_ptr<ModelTrainer> make_trainer();

}  // namespace recoup::xgboost
