#include "app/config/layers.hpp"
#include "app/config/nearest.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace recoup::app {
namespace {

constexpr std::string_view name_prefix = "RECOUP_";
constexpr std::string_view file_suffix = "_FILE";
constexpr std::string_view config_variable = "RECOUP_CONFIG";

bool from_file_allowed(ConfigKey const& key) {
    return key.type == ConfigType::text || key.type == ConfigType::list;
}

std::string single_underscores(std::string text) {
    auto const repeated = std::ranges::unique(text, [](char a, char b) { return a == '_' && b == '_'; });
    text.erase(repeated.begin(), repeated.end());
    return text;
}

struct Variables {
    std::map<std::string, ConfigKey const*> plain, from_file;
    std::vector<std::string> names;
};

Variables variables_of(std::vector<ConfigKey> const& keys) {
    Variables all;
    for (auto const& key : keys) {
        auto const variable = variable_name(key.name);
        all.plain.emplace(variable, &key);
        all.names.push_back(variable);
        if (from_file_allowed(key)) all.from_file.emplace(variable + std::string(file_suffix), &key);
    }
    return all;
}

/// A variable that is none of ours: a mistake, unless it lacks "__" and is not a key written with single underscores
/// (other programs around Recoup may use the prefix).
void unknown(Layer& layer, std::string const& variable, Variables const& known) {
    bool const nested = variable.find("__") != std::string::npos;
    if (!nested) {
        for (auto const& name : known.names)
            if (single_underscores(name) == variable)
                layer.mistakes.push_back(variable +
                                         ": unknown variable; sections are set off by two underscores: " + name);
        return;
    }
    auto const near = nearest(variable, known.names);
    layer.mistakes.push_back(variable + ": unknown variable" +
                             (near.empty() ? "; `recoup config show` lists all keys" : "; did you mean " + near + "?"));
}

void read_value_file(Layer& layer, std::string const& variable, ConfigKey const& key, std::string const& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    if (in) text << in.rdbuf();
    if (!in || !text) {
        layer.mistakes.push_back(variable + ": the file " + path + " cannot be read");
        return;
    }
    auto value = text.str();
    if (value.ends_with('\n')) value.pop_back();
    if (value.ends_with('\r')) value.pop_back();
    layer.values.push_back({std::string(key.name), std::move(value), variable});
}

}  // namespace

std::string variable_name(std::string_view key) {
    std::string out{name_prefix};
    for (char const c : key) {
        if (c == '.') out += "__";
        else if (c >= 'a' && c <= 'z') out += static_cast<char>(c - 'a' + 'A');
        else out += c;
    }
    return out;
}

Layer read_environment(std::vector<ConfigKey> const& keys, Environment const& environment) {
    Layer layer;
    auto const known = variables_of(keys);
    for (auto const& [variable, text] : environment) {
        if (!variable.starts_with(name_prefix) || variable == config_variable) continue;
        if (auto const plain = known.plain.find(variable); plain != known.plain.end()) {
            layer.values.push_back({std::string(plain->second->name), text, variable});
        } else if (auto const file = known.from_file.find(variable); file != known.from_file.end()) {
            if (environment.contains(variable_name(file->second->name)))
                layer.mistakes.push_back(variable + ": set either this or " + variable_name(file->second->name) +
                                         ", not both");
            read_value_file(layer, variable, *file->second, text);
        } else {
            unknown(layer, variable, known);
        }
    }
    return layer;
}

Layer read_overrides(std::vector<std::string> const& overrides) {
    Layer layer;
    for (auto const& item : overrides) {
        auto const equals = item.find('=');
        if (equals == std::string::npos || equals == 0)
            layer.mistakes.push_back("--set " + item + ": write section.key=value");
        else layer.values.push_back({item.substr(0, equals), item.substr(equals + 1), "flag"});
    }
    return layer;
}

std::vector<std::filesystem::path> default_files(Environment const& environment) {
    auto const value = [&](std::string_view name) {
        auto const found = environment.find(std::string(name));
        return found == environment.end() ? std::string{} : found->second;
    };
    if (auto const named = value(config_variable); !named.empty()) return {named};
    auto const home = value("HOME"), xdg = value("XDG_CONFIG_HOME");
    std::vector<std::filesystem::path> candidates;
    if (!xdg.empty()) candidates.emplace_back(std::filesystem::path(xdg) / "recoup/config.toml");
    else if (!home.empty()) candidates.emplace_back(std::filesystem::path(home) / ".config/recoup/config.toml");
    candidates.emplace_back("/etc/recoup/config.toml");
    for (auto const& candidate : candidates) {
        std::error_code ignored;
        if (std::filesystem::exists(candidate, ignored)) return {candidate};
    }
    return {};
}

}  // namespace recoup::app
