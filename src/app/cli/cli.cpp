#include "app/cli/cli.hpp"

#include "app/cli/parse.hpp"
#include "app/config/nearest.hpp"

#include <algorithm>
#include <ostream>

namespace recoup::app {
namespace {

template <class Value>
void add_choice(CLI::App& app, std::string const& flag, Value& into, std::vector<std::pair<std::string, Value>> choices,
                std::string const& help) {
    std::string spelled;
    for (auto const& [name, value] : choices) spelled += (spelled.empty() ? "" : "|") + name;
    auto const take = [&into, choices = std::move(choices), flag, spelled](std::string const& text) {
        for (auto const& [name, value] : choices)
            if (name == text) {
                into = value;
                return;
            }
        throw CLI::ValidationError(flag, "\"" + text + "\" is none of " + spelled);
    };
    app.add_option_function<std::string>(flag, take, help)->type_name(spelled);
}

void add_global_options(CLI::App& app, GlobalOptions& options) {
    app.add_option("--config", options.files, "TOML file, instead of the usual places; may be repeated")
        ->type_name("FILE")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    app.add_option("--set", options.set, "One configuration key: section.key=value; may be repeated")
        ->type_name("KEY=VALUE")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    add_choice<Output>(app, "-o,--output", options.output, {{"table", Output::table}, {"json", Output::json}},
                       "table for people, json for programs");
    add_choice<Color>(app, "--color", options.color,
                      {{"auto", Color::automatic}, {"always", Color::always}, {"never", Color::never}},
                      "auto heeds NO_COLOR and whether a person watches");
}

/// The verb that parsing came to, for "Run `recoup shop --help`" and the nearest word.
CLI::App const* deepest(CLI::App const* app) {
    for (;;) {
        auto const chosen = app->get_subcommands();
        if (chosen.empty()) return app;
        app = chosen.front();
    }
}

std::string spelled(CLI::App const* app) {
    std::string name = app->get_name();
    for (auto const* parent = app->get_parent(); parent != nullptr; parent = parent->get_parent())
        name = parent->get_name() + " " + name;
    return name;
}

/// The first word that is no option, where a verb was expected.
std::string unknown_word(CLI::App const& app) {
    for (auto const& word : app.remaining(true))
        if (!word.starts_with('-')) return word;
    return {};
}

int usage_mistake(CLI::App const& app, CLI::ParseError const& mistake, Context& context) {
    auto const* verb = deepest(&app);
    std::vector<std::string> names;
    for (auto const* sub : verb->get_subcommands([](CLI::App const*) { return true; }))
        if (!sub->get_group().empty()) names.push_back(sub->get_name());
    auto const word = unknown_word(app);
    if (!names.empty() && !word.empty()) {
        auto const near = nearest(word, names);
        context.err << "recoup: unknown command \"" << word << "\""
                    << (near.empty() ? "" : "; did you mean `" + spelled(verb) + " " + near + "`?") << '\n';
    } else {
        context.err << "recoup: " << mistake.what() << '\n';
    }
    context.err << "Run `" << spelled(verb) << " --help` for what there is.\n";
    return exit_usage;
}

}  // namespace

int run_cli(std::vector<std::string> arguments, Context& context, std::function<void(CLI::App&, Context&)> const& add) {
    CLI::App app("Recoup wins back abandoned carts and failed payments.", "recoup");
    app.set_help_flag("-h,--help", "Print this help");
    app.require_subcommand(1);
    add_global_options(app, context.options);
    add(app, context);
    std::ranges::reverse(arguments);  // CLI11 takes them from the back
    try {
        app.parse(std::move(arguments));
    } catch (CLI::Success const&) {
        context.out << deepest(&app)->help(deepest(&app)->get_parent() ? spelled(deepest(&app)->get_parent()) : "");
        return exit_ok;
    } catch (CLI::ParseError const& mistake) {
        return usage_mistake(app, mistake, context);
    }
    return context.run ? context.run() : exit_usage;
}

}  // namespace recoup::app
