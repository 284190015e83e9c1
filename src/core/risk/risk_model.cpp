#include "core/risk/risk_model.hpp"

#include "core/risk/contributions.hpp"

#include <algorithm>
#include <cmath>

namespace recoup::core {

RiskModel::RiskModel(ModelFile file, Forest forest, std::vector<Feature const*> features)
    : file_(std::move(file)), forest_(std::move(forest)), features_(std::move(features)) {
    file_.xgboost = nullptr;
}

Result<RiskModel> RiskModel::load(std::string_view file_text) {
    auto file = read_model_file(file_text);
    if (!file) return file.error();
    return make(std::move(*file));
}

Result<RiskModel> RiskModel::make(ModelFile file) {
    auto trees = read_xgboost_model(file.xgboost);
    if (!trees) return trees.error();
    std::vector<Feature const*> features;
    for (auto const& name : trees->features) {
        auto const* feature = find_feature(name);
        if (feature == nullptr)
            return error(Errc::configuration, "model " + file.version + " needs the feature '" + name +
                                                  "', which this version of recoup does not have; train it anew "
                                                  "with `recoup model train` or use the shipped one");
        features.push_back(feature);
    }
    return RiskModel(std::move(file), Forest(std::move(*trees)), std::move(features));
}

std::vector<float> RiskModel::row(Moment const& moment) const {
    std::vector<float> values;
    values.reserve(features_.size());
    for (auto const* feature : features_) values.push_back(static_cast<float>(feature->value(moment)));
    return values;
}

Score RiskModel::score(Cart const& cart, Person const& person, Instant now, bool with_contributions) const {
    Moment const moment(cart, person, now);
    auto const values = row(moment);
    Score score;
    score.model = file_.version;
    score.margin = forest_.margin(values);
    score.risk = file_.calibration.risk(score.margin);
    if (!with_contributions) return score;
    auto const exact = contributions(forest_, values);
    score.bias = exact.bias;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (exact.shares[i] == 0) continue;   // no tree asks for it
        Contribution item;
        item.feature = features_[i]->name;
        if (!std::isnan(values[i])) item.value = values[i];
        item.share = exact.shares[i];
        score.contributions.push_back(std::move(item));
    }
    std::stable_sort(score.contributions.begin(), score.contributions.end(),
                     [](auto const& a, auto const& b) { return std::abs(a.share) > std::abs(b.share); });
    return score;
}

}  // namespace recoup::core
