#include "app/toml_reader.hpp"

#include "app/config/nearest.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace recoup::app {

Result<std::string> text_of_file(std::string const& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in) return error(Errc::configuration, path + ": cannot be read");
    return text.str();
}

toml::table TomlReader::parse(std::string_view text) {
    auto parsed = parse_toml(text);
    if (parsed) return std::move(parsed).table();
    fail(parsed.error().source(), std::string(parsed.error().description()));
    return {};
}

void TomlReader::fail(toml::source_region const& where, std::string const& what) {
    if (fault_.empty()) fault_ = file_ + ":" + std::to_string(where.begin.line) + ": " + what;
}

void TomlReader::fail_at(toml::table const& table, std::string_view key, std::string const& what) {
    auto const* node = table.get(key);
    fail(node != nullptr ? node->source() : table.source(), "'" + std::string(key) + "' " + what);
}

void TomlReader::allow(toml::table const& table, std::initializer_list<std::string_view> keys) {
    for (auto const& [key, node] : table) {
        if (std::find(keys.begin(), keys.end(), key.str()) != keys.end()) continue;
        auto const near = nearest(key.str(), std::vector<std::string>(keys.begin(), keys.end()));
        std::string known;
        for (auto const& name : keys) known.append(known.empty() ? "" : ", ").append(name);
        fail(key.source(), "unknown key '" + std::string(key.str()) + "'; " +
                               (near.empty() ? "" : "did you mean '" + near + "'? ") + "There are " + known);
    }
}

std::string TomlReader::text(toml::table const& table, std::string_view key) {
    auto const* node = table.get(key);
    if (node == nullptr) fail(table.source(), "the key '" + std::string(key) + "' is missing");
    else if (!node->is_string()) fail_at(table, key, "must be a text in quotes");
    return node != nullptr ? node->value_or(std::string()) : std::string();
}

std::string TomlReader::text_or_empty(toml::table const& table, std::string_view key) {
    return table.contains(key) ? text(table, key) : std::string();
}

std::vector<std::string> TomlReader::texts(toml::table const& table, std::string_view key) {
    auto const* node = table.get(key);
    if (node == nullptr) return {};
    if (node->is_string()) return {node->value_or(std::string())};
    std::vector<std::string> out;
    auto const* list = node->as_array();
    if (list == nullptr) fail_at(table, key, "must be a list of texts in quotes");
    else
        for (auto const& item : *list) {
            if (!item.is_string()) fail(item.source(), "'" + std::string(key) + "' must be a list of texts in quotes");
            out.push_back(item.value_or(std::string()));
        }
    return out;
}

Seconds TomlReader::duration(toml::table const& table, std::string_view key) {
    auto const parsed = parse_duration(text(table, key));
    if (!parsed) fail_at(table, key, "must be a duration such as \"30m\", \"4h\" or \"3d\"");
    return parsed ? std::chrono::floor<Seconds>(*parsed) : Seconds{};
}

std::int64_t TomlReader::whole(toml::table const& table, std::string_view key, std::int64_t min, std::int64_t max) {
    auto const* node = table.get(key);
    auto const value = node != nullptr && node->is_integer() ? node->value<std::int64_t>() : std::nullopt;
    if (!value || *value < min || *value > max)
        fail_at(table, key, "must be a whole number from " + std::to_string(min) + " to " + std::to_string(max));
    return value.value_or(min);
}

bool TomlReader::flag(toml::table const& table, std::string_view key) {
    auto const* node = table.get(key);
    if (node != nullptr && !node->is_boolean()) fail_at(table, key, "must be true or false");
    return node != nullptr && node->value_or(false);
}

void TomlReader::each(toml::table const& table, std::string_view key, std::function<void(toml::table const&)> const& read) {
    auto const* node = table.get(key);
    if (node == nullptr) return;
    auto const wants = "write each " + std::string(key) + " as a [[" + std::string(key) + "]] table";
    auto const* list = node->as_array();
    if (list == nullptr) return fail(node->source(), wants);
    for (auto const& item : *list) {
        auto const* one = item.as_table();
        if (one == nullptr) fail(item.source(), wants);
        else read(*one);
    }
}

}  // namespace recoup::app
