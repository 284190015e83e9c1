#include "app/cli/cli.hpp"
#include "app/cli/commands.hpp"

namespace recoup::app {

void add_verbs(CLI::App& app, Context& context) {
    add_dev(app, context, run_dev);
    add_serve(app, context, run_serve);
    add_demo(app, context, run_demo);
    add_trigger(app, context, run_trigger);
    add_why(app, context, run_why);
    add_dlq(app, context, run_dlq);
    add_outbox(app, context, run_outbox);
    add_shop(app, context, {run_shop_add, run_shop_set, run_shop_list, run_shop_secret, run_shop_key, run_shop_origins});
    add_sequence(app, context, run_sequence, run_sequence_simulate);
    add_law(app, context, run_law);
    add_config(app, context, run_config);
    add_migrate(app, context, run_migrate);
    add_model(app, context, run_model);
    add_healthcheck(app, context, run_healthcheck);
    add_version(app, context, run_version);
}

}  // namespace recoup::app
