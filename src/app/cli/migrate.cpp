#include "app/cli/parse.hpp"

namespace recoup::app {

void add_migrate(CLI::App& app, Context& context, Verb<MigrateOptions> run) {
    auto& verb = add_verb(app, "migrate", "Database schema");
    verb.require_subcommand(1);
    struct Choice {
        char const* name;
        char const* help;
        MigrateOptions::Action action;
    };
    for (auto const& choice :
         {Choice{"up", "Apply what is pending", MigrateOptions::Action::up},
          Choice{"status", "List what is applied and what is pending", MigrateOptions::Action::status}}) {
        auto& sub = add_verb(verb, choice.name, choice.help);
        auto const options = bind<MigrateOptions>(sub, context, run);
        options->action = choice.action;
        add_data_dir(sub, options->data_dir, context);
    }
}

}  // namespace recoup::app
