#include "app/cli/cli.hpp"
#include "app/cli/commands.hpp"

namespace recoup::app {

void add_verbs(CLI::App& app, Context& context) {
    add_config(app, context, run_config);
    add_healthcheck(app, context, run_healthcheck);
    add_version(app, context, run_version);
}

}  // namespace recoup::app
