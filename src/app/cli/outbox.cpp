#include "app/cli/parse.hpp"

namespace recoup::app {
namespace {

using OutboxAction = OutboxOptions::Action;

OutboxOptions& add_outbox_action(CLI::App& parent, Context& context, Verb<OutboxOptions> run, OutboxAction action, CLI::App*& verb,
                                 char const* name, char const* help) {
    verb = &add_verb(parent, name, help);
    auto const options = bind<OutboxOptions>(*verb, context, std::move(run));
    options->action = action;
    options->data_dir = default_data_dir(context.environment);
    verb->add_option("--data", options->data_dir, "Data folder of a running `recoup dev`")->type_name("DIR");
    verb->add_option("--admin", options->admin_url, "Base URL of the admin listener")->type_name("URL");
    verb->add_option("--admin-token", options->admin_token, "Token of the admin API")->envname("RECOUP_ADMIN__TOKEN");
    return *options;
}

void add_scope(CLI::App& verb, OutboxOptions& options) {
    verb.add_option("--shop", options.shop, "Only this shop");
    verb.add_option("--channel", options.channel, "Only this channel: email, sms, push or ads");
    verb.add_option("--sequence", options.sequence, "Only this sequence");
}

}  // namespace

void add_outbox(CLI::App& app, Context& context, Verb<OutboxOptions> const& run) {
    auto& outbox = add_verb(app, "outbox", "Messages of which nobody knows whether they left");
    outbox.require_subcommand(1);
    CLI::App* verb = nullptr;
    auto& unknown = add_outbox_action(outbox, context, run, OutboxAction::unknown, verb, "unknown", "List them, the oldest first");
    verb->add_option("--shop", unknown.shop, "Only of this shop");
    verb->add_option("--limit", unknown.limit, "At most so many")->check(CLI::PositiveNumber)->capture_default_str();
    auto& resolve = add_outbox_action(outbox, context, run, OutboxAction::resolve, verb, "resolve",
                                      "Say what became of one, as seen at the provider");
    verb->add_option("message", resolve.message, "Id of the message")->required();
    auto* const choice = verb->add_option_group("what", "Exactly one");
    choice->add_flag("--sent", resolve.sent, "The provider has it");
    choice->add_flag("--not-sent", resolve.not_sent, "The provider never got it: planned again while it is useful");
    choice->require_option(1);

    auto& pause = add_outbox_action(app, context, run, OutboxAction::pause, verb, "pause",
                                    "Send nothing for a shop, channel, sequence, what they have in common, or at all");
    add_scope(*verb, pause);
    verb->add_flag("--incentives", pause.incentives, "Only the incentives, while the shop has a sale; messages go on without them");
    verb->add_option("--note", pause.note, "Why, for the record; no personal data");
    auto& resume = add_outbox_action(app, context, run, OutboxAction::resume, verb, "resume",
                                     "End the pause of exactly this scope; what is still useful goes out, spread over a while");
    add_scope(*verb, resume);
    verb->add_flag("--incentives", resume.incentives, "The pause of incentives: the sale is over");
    add_outbox_action(app, context, run, OutboxAction::pauses, verb, "pauses", "List what is paused");
}

}  // namespace recoup::app
