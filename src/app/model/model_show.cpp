#include "app/model/measured.hpp"
#include "app/model/model_input.hpp"
#include "app/model/report.hpp"

#include <algorithm>
#include <cstdio>
#include <numeric>
#include <ostream>

namespace recoup::app {
namespace {

struct Importance {
    core::Feature const* feature;
    double share;
};

std::vector<Importance> importances(core::RiskModel const& model) {
    auto const gains = model.forest().gains();
    double const all = std::accumulate(gains.begin(), gains.end(), 0.0);
    std::vector<Importance> result;
    for (std::size_t i = 0; i < gains.size(); ++i)
        result.push_back({model.features()[i], all > 0 ? gains[i] / all : 0});
    std::stable_sort(result.begin(), result.end(), [](auto const& a, auto const& b) { return a.share > b.share; });
    return result;
}

void print_json(core::RiskModel const& model, std::ostream& out) {
    auto features = nlohmann::json::array();
    for (auto const& [feature, share] : importances(model))
        features.push_back({{"name", feature->name}, {"help", feature->help}, {"gain_share", share}});
    auto const& file = model.file();
    auto const& [slope, intercept] = file.calibration;
    out << nlohmann::json{{"model", file.version}, {"trained_at", to_rfc3339(file.trained_at)},
                          {"threshold", file.threshold}, {"trees", model.forest().tree_count()},
                          {"depth", model.forest().depth()}, {"features", features}, {"metrics", file.metrics},
                          {"calibration", {{"slope", slope}, {"intercept", intercept}}},
                          {"provenance", file.provenance}}.dump(2) << "\n";
}

}  // namespace

Result<void> model_show(ModelShowOptions const& options, std::ostream& out) {
    auto model = read_model(options.model);
    if (!model) return model.error();
    if (options.json) {
        print_json(*model, out);
        return {};
    }
    auto const& file = model->file();
    out << "Model " << file.version << ", trained " << to_rfc3339(file.trained_at) << ": "
        << model->forest().tree_count() << " trees of depth " << model->forest().depth() << ", threshold "
        << file.threshold << "\nrisk = sigmoid(" << file.calibration.slope << " * margin + "
        << file.calibration.intercept << ")\n\n";
    print_measured(file.metrics, out);
    out << "\n";
    print_provenance(file.provenance, out);
    out << "\nFeatures, with their share of what the splits gained\n";
    for (auto const& [feature, share] : importances(*model)) {
        char line[200];
        std::snprintf(line, sizeof line, "  %5.1f %%  %-28s %s\n", share * 100, std::string(feature->name).c_str(),
                      std::string(feature->help).c_str());
        out << line;
    }
    return {};
}

}  // namespace recoup::app
