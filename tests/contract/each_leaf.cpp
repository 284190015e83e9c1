#include "contract/each_leaf.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace recoup::test {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view place = "\"@place@\"";

std::string filled(Json const& body, std::string_view raw) {
    auto text = body.dump();
    auto const at = text.find(place);
    return text.replace(at, place.size(), raw);
}

void collect(Json& value, std::vector<Json*>& leaves, std::vector<Json*>& objects) {
    if (value.is_object()) objects.push_back(&value);
    if (!value.is_structured()) leaves.push_back(&value);
    else
        for (auto& inner : value) collect(inner, leaves, objects);
}

std::vector<std::string> fields_replaced(std::string_view form, std::string_view raw) {
    std::vector<std::string> all;
    for (auto at = form.find('='); at != form.npos; at = form.find('=', at + 1)) {
        auto const end = std::min(form.size(), form.find('&', at));
        all.push_back(std::string(form.substr(0, at + 1)) + std::string(raw) + std::string(form.substr(end)));
    }
    return all;
}

}  // namespace

std::vector<std::string> with_each_leaf(std::string_view body, std::string_view raw) {
    if (!Json::accept(body)) return fields_replaced(body, raw);
    auto json = Json::parse(body);
    std::vector<Json*> leaves, objects;
    collect(json, leaves, objects);
    std::vector<std::string> all;
    for (auto* const leaf : leaves) {
        auto held = std::exchange(*leaf, "@place@");
        all.push_back(filled(json, raw));
        *leaf = std::move(held);
    }
    return all;
}

std::vector<std::string> with_each_object_doubled(std::string_view body, std::string_view raw) {
    std::vector<std::string> all;
    if (!Json::accept(body)) return all;
    auto json = Json::parse(body);
    std::vector<Json*> leaves, objects;
    collect(json, leaves, objects);
    for (auto* const object : objects) {
        if (object->empty()) continue;
        std::string doubled;
        for (auto const& [name, value] : object->items())
            doubled += (doubled.empty() ? "" : ",") + Json(name).dump() + ":" + value.dump();
        for (auto const& [name, value] : object->items()) doubled += "," + Json(name).dump() + ":" + std::string(raw);
        auto held = std::exchange(*object, "@place@");  // moved there and back, so that pointers into it stay good
        all.push_back(filled(json, "{" + doubled + "}"));
        *object = std::move(held);
    }
    return all;
}

}  // namespace recoup::test
