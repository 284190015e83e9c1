#include "app/config/reference.hpp"

#include "app/config/keys.hpp"
#include "app/config/load.hpp"
#include "app/config/value.hpp"

namespace recoup::app {
namespace {

std::string in_quotes(std::string_view text) {
    std::string out = "\"";
    for (char const c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + "\"";
}

std::string toml_value(ConfigKey const& key) {
    switch (key.type) {
        case ConfigType::integer:
        case ConfigType::real:
        case ConfigType::boolean: return std::string(key.default_value);
        case ConfigType::text:
        case ConfigType::duration:
        case ConfigType::size: return in_quotes(key.default_value);
        case ConfigType::list: break;
    }
    std::string items;
    for (auto const& item : split_list(key.default_value)) items += (items.empty() ? "" : ", ") + in_quotes(item);
    return "[" + items + "]";
}

/// What the help sentence does not say: kind, allowed values, secrecy, reload.
std::string facts(ConfigKey const& key) {
    auto const allowed = allowed_values(key);
    std::string text{name(key.type)};
    if (!allowed.empty()) text += ", " + allowed;
    if (key.secret) text += ", secret";
    if (key.reloadable) text += ", reloads on SIGHUP";
    return text;
}

std::string for_cell(std::string_view text) {
    std::string out;
    for (char const c : text) {
        if (c == '|') out += '\\';
        out += c;
    }
    return out;
}

}  // namespace

std::string reference_toml(std::vector<ConfigKey> const& keys) {
    std::string out =
        "# Configuration of Recoup. Every key with its default; uncomment what you change.\n"
        "# The environment wins over this file: public.address is RECOUP_PUBLIC__ADDRESS. Text may also come from a "
        "file\n"
        "# named by RECOUP_..._FILE, which suits secrets. ${...} is never expanded. An unknown key is an error.\n";
    std::string_view section;
    for (auto const& key : keys) {
        if (section_of(key.name) != section) {
            section = section_of(key.name);
            auto const help = section_help(section);
            out += "\n" + (help.empty() ? std::string{} : "# " + std::string(help) + "\n");
            out += "[" + std::string(section) + "]\n";
        }
        out += "# " + std::string(key.help) + " (" + facts(key) + ")\n";
        out += "#" + std::string(leaf_of(key.name)) + " = " + toml_value(key) + "\n";
    }
    return out;
}

std::string reference_markdown(std::vector<ConfigKey> const& keys) {
    std::string out =
        "# Configuration\n\n"
        "Generated from the program's own table by `recoup config docs`; do not edit by hand.\n\n"
        "Every key has a default. A TOML file overrides it, the environment overrides the file, a flag (`--set "
        "section.key=value`)\n"
        "overrides the environment. `RECOUP_CONFIG` or `--config` names the file; otherwise "
        "`~/.config/recoup/config.toml` or\n"
        "`/etc/recoup/config.toml` is read when it exists. Keys of type text and list may also come from a file named "
        "by the\n"
        "variable with `_FILE` behind it. Durations are written `\"90s\"`, sizes `\"64KiB\"`. An unknown key or "
        "variable is an error\n"
        "(exit code 78). `recoup config show --sources` tells what is in force and why, `recoup config init` prints a "
        "commented file.\n";
    std::string_view section;
    for (auto const& key : keys) {
        if (section_of(key.name) != section) {
            section = section_of(key.name);
            out += "\n## " + std::string(section) + "\n\n";
            if (auto const help = section_help(section); !help.empty()) out += std::string(help) + "\n\n";
            out += "| key | default | meaning | environment |\n|---|---|---|---|\n";
        }
        auto const shown = key.default_value.empty() ? std::string("(empty)") : "`" + for_cell(key.default_value) + "`";
        out += "| `" + std::string(key.name) + "` | " + shown + " | " + for_cell(key.help) + " (" +
               for_cell(facts(key)) + ") | `" + variable_name(key.name) + "` |\n";
    }
    return out;
}

}  // namespace recoup::app
