#include "app/cli/parse.hpp"

namespace recoup::app {
namespace {

using Action = DlqOptions::Action;

void add_place(CLI::App& verb, DlqOptions& options, Context const& context) {
    options.data_dir = default_data_dir(context.environment);
    verb.add_option("--data", options.data_dir, "Data folder of a running `recoup dev`")->type_name("DIR");
    verb.add_option("--admin", options.admin_url, "Base URL of the admin listener")->type_name("URL");
    verb.add_option("--admin-token", options.admin_token, "Token of the admin API")->envname("RECOUP_ADMIN__TOKEN");
}

void add_filters(CLI::App& verb, DlqOptions& options) {
    verb.add_option("--shop", options.shop, "Only of this shop");
    verb.add_option("--source", options.source, "Only of this source");
    verb.add_option("--reason", options.reason,
                    "Only of this kind (unusable, unreadable, poison) or with this text in the reason");
    verb.add_option("--older-than", options.older_than, "Only what came longer ago, for example 2h")
        ->type_name("DURATION");
    verb.add_option("--newer-than", options.newer_than, "Only what came since, for example 7d")->type_name("DURATION");
    verb.add_option("--limit", options.limit, "At most so many")->check(CLI::PositiveNumber)->capture_default_str();
}

DlqOptions& add_action(CLI::App& dlq, Context& context, Verb<DlqOptions> run, Action action, CLI::App*& verb,
                       char const* name, char const* help) {
    verb = &add_verb(dlq, name, help);
    auto const options = bind<DlqOptions>(*verb, context, std::move(run));
    options->action = action;
    add_place(*verb, *options, context);
    return *options;
}

/// Replay and drop take ids, or filters, or --all.
void add_choice_of_letters(CLI::App& verb, DlqOptions& options) {
    verb.add_option("letter", options.ids, "Ids of letters; without any, the filters choose");
    add_filters(verb, options);
    verb.add_flag("--all", options.all, "Every letter, when there is neither id nor filter");
    verb.add_option("--rate", options.rate, "At most so many a second, like 5/s; unbounded when left out")
        ->type_name("N/s");
    verb.add_flag("--dry-run", options.dry_run, "Change nothing, only tell");
}

}  // namespace

void add_dlq(CLI::App& app, Context& context, Verb<DlqOptions> const& run) {
    auto& dlq = add_verb(app, "dlq", "Dead letters of a running daemon: what was authentic and could not be used");
    dlq.require_subcommand(1);
    CLI::App* verb = nullptr;
    auto& ls = add_action(dlq, context, run, Action::ls, verb, "ls", "List them, the oldest first");
    add_filters(*verb, ls);
    auto& show = add_action(dlq, context, run, Action::show, verb, "show", "One letter; its bytes only with --raw");
    verb->add_option("letter", show.ids, "Id of the letter")->required()->expected(1);
    verb->add_flag("--raw", show.raw, "Print the original bytes and nothing else; they may hold personal data");
    auto& replay =
        add_action(dlq, context, run, Action::replay, verb, "replay",
                   "Read their bytes again; signatures were verified when they came and are not asked for again");
    add_choice_of_letters(*verb, replay);
    auto& drop =
        add_action(dlq, context, run, Action::drop, verb, "drop", "Delete them; id, time and reason stay on record");
    add_choice_of_letters(*verb, drop);
    verb->add_option("--note", drop.note, "Why, for the record; no personal data");
}

}  // namespace recoup::app
