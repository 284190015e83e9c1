#include "app/model/report.hpp"

#include <cmath>
#include <cstdio>
#include <ostream>
#include <set>

namespace recoup::app {
namespace {

using nlohmann::json;

constexpr int bootstrap_draws = 1000;
constexpr std::uint64_t bootstrap_seed = 20260101;

json number(double value) { return std::isfinite(value) ? json(std::round(value * 1e5) / 1e5) : json(nullptr); }

std::string text(json const& parent, char const* key, char const* format = "%.3f") {
    auto const found = parent.find(key);   // end() when parent is no object
    if (found == parent.end() || !found->is_number()) return "-";
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, format, found->get<double>());
    return buffer;
}

std::string word(json const& parent, char const* key) {
    auto const found = parent.find(key);
    return found != parent.end() && found->is_string() ? found->get<std::string>() : "-";
}

json list(json const& parent, char const* key) {
    auto const found = parent.find(key);
    return found != parent.end() && found->is_array() ? *found : json::array();
}

void print_measure(std::string const& title, json const& measured, std::ostream& out) {
    out << title << "\n"
        << "  carts              " << text(measured, "rows", "%.0f") << " of " << text(measured, "persons", "%.0f")
        << " persons, one row each: its first five idle minutes\n"
        << "  abandoned          " << text(measured, "base_rate") << "\n"
        << "  AUC                " << text(measured, "auc") << "  (95 % interval " << text(measured, "auc_low")
        << " to " << text(measured, "auc_high") << ", bootstrap over persons)\n"
        << "  log loss           " << text(measured, "log_loss") << "  (always saying the base rate: "
        << text(measured, "base_rate_log_loss") << ")\n"
        << "  Brier score        " << text(measured, "brier") << "\n"
        << "  calibration error  " << text(measured, "calibration_error") << "\n";
    auto const bins = list(measured, "calibration");
    if (bins.empty()) return;
    out << "    carts   mean risk   abandoned\n";
    for (auto const& bin : bins) {
        char line[80];
        std::snprintf(line, sizeof line, "    %5s   %9s   %9s\n", text(bin, "rows", "%.0f").c_str(),
                      text(bin, "mean_risk").c_str(), text(bin, "abandoned_share").c_str());
        out << line;
    }
}

}  // namespace

json measure(std::vector<core::Prediction> const& predictions) {
    std::set<std::string_view> persons;
    for (auto const& item : predictions) persons.insert(item.person_id);
    SeededRandom random(bootstrap_seed);
    auto const interval = core::auc_interval(predictions, bootstrap_draws, random);
    auto const bins = core::calibration_bins(predictions);
    json table = json::array();
    for (auto const& bin : bins)
        table.push_back({{"rows", bin.rows}, {"mean_risk", number(bin.mean_risk)},
                         {"abandoned_share", number(bin.abandoned_share)}});
    return {{"rows", predictions.size()},
            {"persons", persons.size()},
            {"base_rate", number(core::base_rate(predictions))},
            {"auc", number(core::auc(predictions))},
            {"auc_low", number(interval.low)},
            {"auc_high", number(interval.high)},
            {"log_loss", number(core::log_loss(predictions))},
            {"base_rate_log_loss", number(core::base_rate_log_loss(predictions))},
            {"brier", number(core::brier(predictions))},
            {"calibration_error", number(core::calibration_error(bins))},
            {"calibration", table}};
}

void print_measured(json const& measured, std::ostream& out) {
    auto const sets = list(measured, "sets");
    for (auto const& set : sets)
        print_measure(
            word(set, "name") + (word(set, "part") == "test" ? ", the time the model never saw" : ", all of it"), set,
            out);
    if (auto const all = measured.find("all"); sets.size() > 1 && all != measured.end())
        print_measure("All together", *all, out);
}

void print_provenance(json const& provenance, std::ostream& out) {
    out << "Trained on\n";
    for (auto const& data : list(provenance, "data"))
        out << "  " << word(data, "name") << " (" << word(data, "licence") << ")\n    "
            << word(data, "note") << "\n    "
            << text(data, "events", "%.0f") << " events, " << text(data, "carts", "%.0f") << " carts, "
            << text(data, "persons", "%.0f") << " persons, " << text(data, "snapshots", "%.0f") << " snapshots\n    "
            << word(data, "from") << " to " << word(data, "to") << ", test from " << word(data, "test_from") << "\n";
    out << "  label: " << word(provenance, "label") << "\n  split: " << word(provenance, "split")
        << "\n  training rows: " << text(provenance, "training_rows", "%.0f")
        << ", abandoned " << text(provenance, "training_base_rate") << "\n";
    std::string unused;
    for (auto const& name : list(provenance, "features_without_data"))
        if (name.is_string()) unused += (unused.empty() ? "" : ", ") + name.get<std::string>();
    if (!unused.empty()) out << "  the data said nothing about: " << unused << "\n";
}

}  // namespace recoup::app
