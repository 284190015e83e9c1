// `recoup outbox`, `pause`, `resume` and `pauses`: over the admin API.
#include "app/cli/commands.hpp"
#include "app/commands/admin_client.hpp"
#include "app/commands/database.hpp"
#include "app/demo/daemon.hpp"

namespace recoup::app {
namespace {

using OutboxJson = AdminClient::Json;

std::string scope_query(OutboxOptions const& options) {
    return query_part("shop", options.shop) + query_part("channel", options.channel) + query_part("sequence", options.sequence) +
           (options.incentives ? "&incentives=true" : "");
}

int show_rows(std::vector<std::string> const& columns, std::vector<OutboxJson> const& items, Context& context) {
    Table table(columns);
    for (auto const& item : items) {
        std::vector<OutboxJson> row;
        for (auto const& column : columns) row.push_back(item.contains(column) ? item[column] : OutboxJson(nullptr));
        table.row(std::move(row));
    }
    show(table, context);
    return exit_ok;
}

int show_one(std::vector<std::string> const& columns, Result<OutboxJson> const& item, Context& context) {
    if (!item) return fail(context, item.error());
    return show_rows(columns, {*item}, context);
}

}  // namespace

int run_outbox(OutboxOptions const& options, Context& context) {
    auto const http = context.http_client();
    auto client = admin_client(options.admin_url, options.admin_token, options.data_dir, context, *http);
    if (!client) return fail(context, client.error());
    std::vector<std::string> const scope{"shop", "channel", "sequence", "incentives", "since", "note"};
    switch (options.action) {
        case OutboxOptions::Action::unknown: {
            auto const items = client->list("/v1/messages", "&status=unknown" + query_part("shop", options.shop), options.limit);
            if (!items) return fail(context, items.error());
            return show_rows({"shop", "id", "channel", "adapter", "sequence", "step", "step_name", "attempt", "created_at",
                              "provider_code", "repeated"},
                             *items, context);
        }
        case OutboxOptions::Action::resolve:
            return show_one({"id", "shop", "status", "planned_again", "reason"},
                            client->call("POST", "/v1/messages/" + demo::percent_encode(options.message) + "/resolve?outcome=" +
                                                     (options.sent ? "sent" : "not_sent")),
                            context);
        case OutboxOptions::Action::pause:
            return show_one(scope, client->call("POST", "/v1/pauses?" + scope_query(options) + query_part("note", options.note)),
                            context);
        case OutboxOptions::Action::resume:
            return show_one({"shop", "channel", "sequence", "incentives", "steps"}, client->call("DELETE", "/v1/pauses?" + scope_query(options)),
                            context);
        case OutboxOptions::Action::pauses: {
            auto const all = client->call("GET", "/v1/pauses");
            if (!all) return fail(context, all.error());
            return show_rows(scope, (*all)["data"].get<std::vector<OutboxJson>>(), context);
        }
    }
    return exit_usage;
}

}  // namespace recoup::app
