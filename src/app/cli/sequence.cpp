#include "app/cli/parse.hpp"

namespace recoup::app {

namespace {

void add_simulate(CLI::App& verb, Context& context, Verb<SimulateOptions> run) {
    auto& simulate = add_verb(verb, "simulate", "Show what a sequence does for one made-up shopper, by the rules of the daemon");
    auto const to = bind<SimulateOptions>(simulate, context, std::move(run));
    simulate.add_option("files", to->files, "Sequence files; what is configured when left out");
    simulate.add_option("--at", to->at, "When the cart was left, the payment failed or the subscription ended, RFC 3339")->capture_default_str();
    simulate.add_option("--value", to->value, "Worth of the cart or payment")->capture_default_str();
    simulate.add_option("--currency", to->currency, "ISO 4217")->capture_default_str();
    simulate.add_option("--items", to->items, "Pieces in the cart")->check(CLI::Range(1, 1'000'000))->capture_default_str();
    simulate.add_option("--stage", to->stage, "How far the cart got: cart, checkout, contact, shipping or payment")
        ->capture_default_str();
    simulate.add_option("--country", to->country, "ISO 3166-1; says in which hours they sleep")->capture_default_str();
    simulate.add_option("--region", to->region, "ISO 3166-2 subdivision, such as CA");
    simulate.add_option("--decline", to->decline, "Decline code of the payment")->capture_default_str();
    simulate.add_option("--orders", to->orders, "Earlier orders of the person")->check(CLI::Range(0, 10'000))->capture_default_str();
    simulate.add_flag("--no-phone", to->no_phone, "No phone is known, so there is no SMS");
    simulate.add_flag("--returned", to->returned, "The person comes back to the store before the first step");
    simulate.add_option("--opened", to->opened, "A step whose message a human opens; may be said again");
    simulate.add_option("--clicked", to->clicked, "A step whose message is clicked; may be said again");
    simulate.add_option("--visited", to->visited, "A step after whose message the person visits the store; may be said again");
    simulate.add_option("--dead-coupon", to->dead_coupons, "A discount code that the store has switched off; may be said again");
}

}  // namespace

void add_sequence(CLI::App& app, Context& context, Verb<SequenceOptions> run, Verb<SimulateOptions> simulate) {
    auto& verb = add_verb(app, "sequence", "Recovery sequences");
    verb.require_subcommand(1);

    auto& apply = add_verb(verb, "apply", "Store sequence files as new versions; running enrollments keep theirs");
    auto const to_apply = bind<SequenceOptions>(apply, context, run);
    to_apply->action = SequenceOptions::Action::apply;
    apply.add_option("files", to_apply->files, "Sequence files")->required();
    apply.add_option("--shop", to_apply->shop, "Only for this shop; every shop when left out");
    add_data_dir(apply, to_apply->data_dir, context);

    auto& migrate = add_verb(verb, "migrate",
                             "Move running enrollments to another version: steps not sent yet are planned anew, nothing is repeated");
    auto const to_migrate = bind<SequenceOptions>(migrate, context, run);
    to_migrate->action = SequenceOptions::Action::migrate;
    migrate.add_option("sequence", to_migrate->sequence, "Name of the sequence")->required();
    migrate.add_option("--to", to_migrate->version, "Version; the one in force when left out")->check(CLI::PositiveNumber);
    migrate.add_flag("--dry-run", to_migrate->dry_run, "Only tell what would become of them");
    migrate.add_option("--shop", to_migrate->shop, "Only of this shop; every shop that has it when left out");
    add_data_dir(migrate, to_migrate->data_dir, context);

    auto& show = add_verb(verb, "show", "Show the sequences in force");
    auto const to_show = bind<SequenceOptions>(show, context, std::move(run));
    show.add_option("--shop", to_show->shop, "Only of this shop");
    add_data_dir(show, to_show->data_dir, context);

    add_simulate(verb, context, std::move(simulate));
}

}  // namespace recoup::app
