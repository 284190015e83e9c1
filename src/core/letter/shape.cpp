#include "core/letter/letter.hpp"

#include <nlohmann/json.hpp>

namespace recoup::core {
namespace {

using Json = nlohmann::ordered_json;

constexpr int deepest_shape = 32;

Json shape(Json const& value, int depth) {
    if (value.is_string()) return "<" + std::to_string(value.get_ref<std::string const&>().size()) + " bytes>";
    if (value.is_number()) return "<number>";
    if (!value.is_structured()) return value;
    if (depth == deepest_shape) return "<deeper>";
    Json out = value.is_array() ? Json::array() : Json::object();
    for (auto const& [key, item] : value.items()) {
        if (value.is_array()) out.push_back(shape(item, depth + 1));
        else out[key.find('@') == std::string::npos ? key : "<address>"] = shape(item, depth + 1);
    }
    return out;
}

}  // namespace

std::string shape_of(std::string_view raw) {
    auto const parsed = Json::parse(raw, nullptr, false);
    if (!parsed.is_structured()) return "<" + std::to_string(raw.size()) + " bytes>";
    return shape(parsed, 0).dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace recoup::core
