#include "app/config/load.hpp"

#include "app/config/keys.hpp"
#include "app/config/layers.hpp"
#include "app/config/nearest.hpp"
#include "app/config/value.hpp"

#include <algorithm>

namespace recoup::app {
namespace {

using Written = Found::Written;

/// Whether a TOML value of this kind may stand for the type: "90s" needs quotes, 5 must not have them.
bool fits(ConfigType type, Written written) {
    if (written == Written::any) return true;
    switch (type) {
        case ConfigType::text:
        case ConfigType::duration: return written == Written::quoted;
        case ConfigType::integer: return written == Written::integer;
        case ConfigType::real: return written == Written::real || written == Written::integer;
        case ConfigType::boolean: return written == Written::boolean;
        case ConfigType::size: return written == Written::quoted || written == Written::integer;
        case ConfigType::list: return written == Written::array || written == Written::quoted;
    }
    return false;
}

std::string how_to_write(ConfigType type) {
    switch (type) {
        case ConfigType::text: return "text in quotes";
        case ConfigType::duration: return "a duration in quotes such as \"90s\"";
        case ConfigType::integer: return "an integer without quotes";
        case ConfigType::real: return "a number without quotes";
        case ConfigType::boolean: return "true or false without quotes";
        case ConfigType::size: return "a size in quotes such as \"64KiB\"";
        case ConfigType::list: return "a list such as [\"a\", \"b\"]";
    }
    return {};
}

class Loader {
public:
    explicit Loader(std::vector<ConfigKey> const& keys) : keys_(keys) {
        for (auto const& key : keys) {
            auto const value = canonical_value(key, key.default_value);
            set(key, value ? *value : std::string(key.default_value), "default");
        }
    }

    void apply(Layer const& layer) {
        mistakes_.insert(mistakes_.end(), layer.mistakes.begin(), layer.mistakes.end());
        for (auto const& found : layer.values) apply(found);
    }

    Result<Settings> finish() && {
        if (mistakes_.empty()) return std::move(settings_);
        std::string message;
        for (auto const& mistake : mistakes_) message += (message.empty() ? "" : "\n") + mistake;
        return error(Errc::configuration, std::move(message));
    }

private:
    void apply(Found const& found) {
        auto const key = std::ranges::find(keys_, found.key, &ConfigKey::name);
        if (key == keys_.end()) return unknown(found);
        if (!fits(key->type, found.written)) {
            mistakes_.push_back(found.origin + ": " + found.key + " must be " + how_to_write(key->type));
            return;
        }
        auto const value = canonical_value(*key, found.text);
        if (value) set(*key, *value, found.origin);
        else mistakes_.push_back(found.origin + ": " + found.key + ": " + value.error().message);
    }

    void set(ConfigKey const& key, std::string text, std::string origin) {
        settings_.set(key.name, {key.type, std::move(text), std::move(origin)});
    }

    void unknown(Found const& found) {
        std::vector<std::string> names;
        for (auto const& key : keys_) names.emplace_back(key.name);
        auto const near = nearest(found.key, names);
        mistakes_.push_back(
            found.origin + ": unknown key \"" + found.key + "\"" +
            (near.empty() ? "; `recoup config show` lists all keys" : "; did you mean \"" + near + "\"?"));
    }

    std::vector<ConfigKey> const& keys_;
    Settings settings_;
    std::vector<std::string> mistakes_;
};

}  // namespace

Result<Settings> load_settings(std::vector<ConfigKey> const& keys, LoadOptions const& options) {
    Loader loader(keys);
    for (auto const& file : options.files) loader.apply(read_toml_file(file));
    loader.apply(read_environment(keys, options.environment));
    loader.apply(read_overrides(options.overrides));
    return std::move(loader).finish();
}

}  // namespace recoup::app
