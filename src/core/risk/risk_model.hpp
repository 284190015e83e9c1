#pragma once
// The risk model: features by name, the forest, its calibration. Risk is the probability that the cart will not be
// ordered within a day if nobody contacts the person.

#include "core/risk/features.hpp"
#include "core/risk/forest.hpp"
#include "core/risk/model_file.hpp"
#include "recoup/domain/decision.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace recoup::core {

/// Immutable; thread-safe; publish a new one by swapping a shared pointer.
class RiskModel {
public:
    /// Errc::invalid for a broken file. Errc::configuration when it needs a feature that this binary does not have;
    /// the message names it.
    static Result<RiskModel> load(std::string_view file_text);
    static Result<RiskModel> make(ModelFile file);

    /// margin, bias and contributions are the trees' own (bias + sum(share) = margin); risk is the calibrated
    /// probability of the margin. Contributions cost about a thousand times the score: ask for decisions only. They
    /// come with the largest share first.
    Score score(Cart const& cart, Person const& person, Instant now, bool with_contributions) const;

    /// The model's columns for this moment, in its order.
    std::vector<float> row(Moment const& moment) const;

    std::string const& version() const { return file_.version; }
    double threshold() const { return file_.threshold; }
    ModelFile const& file() const { return file_; }
    Forest const& forest() const { return forest_; }
    std::vector<Feature const*> const& features() const { return features_; }

private:
    RiskModel(ModelFile file, Forest forest, std::vector<Feature const*> features);

    ModelFile file_;                          // without the trees, which the forest holds
    Forest forest_;
    std::vector<Feature const*> features_;
};

}  // namespace recoup::core
