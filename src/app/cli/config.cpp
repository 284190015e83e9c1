#include "app/cli/paint.hpp"
#include "app/cli/parse.hpp"
#include "app/cli/table.hpp"
#include "app/config/reference.hpp"

#include <algorithm>
#include <ostream>

namespace recoup::app {
namespace {

int check(Context& context) {
    auto const settings = settings_of(context);
    if (!settings) {
        auto const code = fail(context, settings.error());
        if (context.json())
            context.out << nlohmann::json{{"valid", false}, {"error", settings.error().message}}.dump() << '\n';
        return code;
    }
    auto const changed =
        std::ranges::count_if(settings->all(), [](auto const& item) { return item.second.origin != "default"; });
    if (context.json()) context.out << nlohmann::json{{"valid", true}, {"changed_keys", changed}}.dump() << '\n';
    else
        context.out << Paint::for_out(context).good("valid") << ", " << changed << " of " << context.keys.size()
                    << " keys differ from their defaults\n";
    return exit_ok;
}

/// Never a secret: whether it is set is all that is told.
nlohmann::json shown(ConfigKey const& key, Settings::Value const& value) {
    if (key.secret) return value.text.empty() ? "" : "[redacted]";
    return value.text;
}

int show(ConfigOptions const& options, Context& context) {
    auto const settings = settings_of(context);
    if (!settings) return fail(context, settings.error());
    std::vector<std::string> columns{"key", "value"};
    if (options.sources) columns.push_back("source");
    Table table(columns);
    for (auto const& key : context.keys) {
        auto const& value = settings->all().find(key.name)->second;
        std::vector<nlohmann::json> cells{key.name, shown(key, value)};
        if (options.sources) cells.push_back(value.origin);
        table.row(std::move(cells));
    }
    if (context.json()) table.print_json(context.out);
    else table.print(context.out);
    return exit_ok;
}

}  // namespace

void add_config(CLI::App& app, Context& context, Verb<ConfigOptions> run) {
    auto& verb = add_verb(app, "config", "Configuration");
    verb.require_subcommand(1);
    auto const add = [&](char const* name, char const* help, ConfigOptions::Action action) {
        auto& sub = add_verb(verb, name, help);
        auto const options = bind<ConfigOptions>(sub, context, run);
        options->action = action;
        if (action == ConfigOptions::Action::show)
            sub.add_flag("--sources", options->sources, "Also tell where each value comes from");
        if (action == ConfigOptions::Action::docs) sub.group("");  // for maintainers, not in --help
    };
    add("check", "Check files, environment and flags; exit 78 when something is wrong", ConfigOptions::Action::check);
    add("show", "Print every value in force, without secrets", ConfigOptions::Action::show);
    add("init", "Print a complete, commented configuration file", ConfigOptions::Action::init);
    add("docs", "Print docs/config.md", ConfigOptions::Action::docs);
}

int run_config(ConfigOptions const& options, Context& context) {
    switch (options.action) {
        case ConfigOptions::Action::check: return check(context);
        case ConfigOptions::Action::show: return show(options, context);
        case ConfigOptions::Action::init: context.out << reference_toml(context.keys); return exit_ok;
        case ConfigOptions::Action::docs: context.out << reference_markdown(context.keys); return exit_ok;
    }
    return exit_failure;
}

}  // namespace recoup::app
