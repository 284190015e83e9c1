#include "adapter/postgres/admin_store.hpp"
#include "app/cli/commands.hpp"
#include "app/commands/database.hpp"
#include "service/admin/why.hpp"

#include <ostream>

namespace recoup::app {

int run_why(WhyOptions const& options, Context& context) {
    auto const database = database_of(context, options.target.data_dir);
    if (!database) return fail(context, database.error());
    auto pool = verb_pool(*database);
    postgres::PostgresAdminStore store(pool);
    StoryQuery query;
    query.shop_id = options.target.shop;
    query.email = options.email;
    query.message_id = options.message;
    query.enrollment_id = options.enrollment;
    auto const story = context.json() ? service::why_json(store, query) : service::why_text(store, query);
    if (!story) return fail(context, story.error());
    context.out << *story << "\n";
    return exit_ok;
}

}  // namespace recoup::app
