#include "app/model/measured.hpp"

#include "app/model/report.hpp"
#include "app/model/training.hpp"

#include <optional>

namespace recoup::app {
namespace {

using nlohmann::json;

/// Since when the model had not seen this set; nullopt = it never saw any of it.
std::optional<Instant> unseen_from(core::RiskModel const& model, std::string const& name) {
    auto const data = model.file().provenance.find("data");
    if (data == model.file().provenance.end() || !data->is_array()) return std::nullopt;
    for (auto const& item : *data) {
        auto const set = item.find("name"), from = item.find("test_from");
        if (set == item.end() || *set != name || from == item.end() || !from->is_string()) continue;
        if (auto const at = parse_rfc3339(from->get_ref<std::string const&>()); at) return *at;
    }
    return std::nullopt;
}

}  // namespace

json measure_sets(core::RiskModel const& model, std::vector<LabelledSet> const& sets) {
    json result = {{"sets", json::array()}};
    std::vector<core::Prediction> all;
    for (auto const& set : sets) {
        auto const from = unseen_from(model, set.info.name);
        auto const predictions = predict(model, set.snapshots, [&](core::Snapshot const& snapshot) {
            return snapshot.first_idle && (!from || snapshot.at >= *from);
        });
        all.insert(all.end(), predictions.begin(), predictions.end());
        auto measured = measure(predictions);
        measured["name"] = set.info.name;
        measured["part"] = from ? "test" : "all";
        result["sets"].push_back(std::move(measured));
    }
    result["all"] = measure(all);
    return result;
}

}  // namespace recoup::app
