#include "core/risk/model_file.hpp"

#include "core/risk/xgboost_format.hpp"

#include <cmath>
#include <optional>

namespace recoup::core {
namespace {

using nlohmann::json;

Error no_model(std::string what) { return error(Errc::invalid, "not a Recoup model: " + std::move(what)); }

std::optional<double> number(json const& parent, char const* key) {
    auto const found = parent.find(key);
    if (found == parent.end() || !found->is_number()) return std::nullopt;
    double const value = found->get<double>();
    return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::optional<std::string> text(json const& parent, char const* key) {
    auto const found = parent.find(key);
    if (found == parent.end() || !found->is_string()) return std::nullopt;
    return found->get<std::string>();
}

json object(json const& parent, char const* key) {
    auto const found = parent.find(key);
    return found != parent.end() && found->is_object() ? *found : json::object();
}

}  // namespace

double Calibration::risk(double margin) const { return 1.0 / (1.0 + std::exp(-(slope * margin + intercept))); }

Result<ModelFile> read_model_file(std::string_view content) {
    if (content.size() > model_bytes_limit) return no_model("it is larger than 64 MiB");
    auto document = json::parse(content, nullptr, false);
    if (!document.is_object()) return no_model("it is not a JSON object");
    if (text(document, "format") != model_format)
        return no_model("its format is not " + std::string(model_format) + "; make one with `recoup model train`");
    ModelFile file;
    file.version = text(document, "version").value_or("");
    if (file.version.empty() || file.version.size() > 100) return no_model("version is absent or too long");
    auto const trained_at = parse_rfc3339(text(document, "trained_at").value_or(""));
    if (!trained_at) return no_model("trained_at is not an RFC 3339 time");
    file.trained_at = *trained_at;
    auto const threshold = number(document, "threshold");
    if (!threshold || !(*threshold > 0 && *threshold < 1)) return no_model("threshold must be between 0 and 1");
    file.threshold = *threshold;
    auto const calibration = object(document, "calibration");
    auto const slope = number(calibration, "slope"), intercept = number(calibration, "intercept");
    if (!slope || !intercept || !(*slope > 0)) return no_model("calibration needs a positive slope and an intercept");
    file.calibration = {*slope, *intercept};
    file.provenance = object(document, "provenance");
    file.metrics = object(document, "metrics");
    file.xgboost = object(document, "xgboost");
    return file;
}

std::string write_model_file(ModelFile const& file) {
    nlohmann::ordered_json document;
    document["format"] = model_format;
    document["version"] = file.version;
    document["trained_at"] = to_rfc3339(file.trained_at);
    document["threshold"] = file.threshold;
    document["calibration"] = {{"slope", file.calibration.slope}, {"intercept", file.calibration.intercept}};
    document["provenance"] = file.provenance;
    document["metrics"] = file.metrics;
    document["xgboost"] = file.xgboost;
    return document.dump() + "\n";
}

}  // namespace recoup::core
