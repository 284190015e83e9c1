#include "adapter/postgres/migrator.hpp"
#include "app/cli/commands.hpp"
#include "app/cli/table.hpp"
#include "app/commands/database.hpp"

#include "recoup/base/clock.hpp"

namespace recoup::app {

int run_migrate(MigrateOptions const& options, Context& context) {
    auto const database = database_of(context, options.data_dir);
    if (!database) return fail(context, database.error());
    postgres::Connection session(postgres::ConnectionOptions{*database, "recoup migrate"});
    if (options.action == MigrateOptions::Action::up)
        if (auto done = postgres::migrate_up(session, SystemClock().now()); !done) return fail(context, done.error());
    auto const status = postgres::migrate_status(session);
    if (!status) return fail(context, status.error());
    Table table({"migration", "applied"});
    for (auto const& migration : *status)
        table.row({std::string(migration.migration->name),
                   migration.applied_at == never ? "pending" : to_rfc3339(migration.applied_at)});
    show(table, context);
    return exit_ok;
}

}  // namespace recoup::app
