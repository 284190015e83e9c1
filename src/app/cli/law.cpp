#include "app/cli/parse.hpp"

namespace recoup::app {

void add_law(CLI::App& app, Context& context, Verb<LawOptions> const& run) {
    auto& verb = add_verb(app, "law", "Rules of law, as data");
    verb.require_subcommand(1);

    auto& show = add_verb(verb, "show", "Show which rules are asked for a message, and where they are written");
    auto const to_show = bind<LawOptions>(show, context, run);
    show.add_option("--country", to_show->country, "ISO 3166-1, such as US; every pack when left out");
    show.add_option("--region", to_show->region, "ISO 3166-2 subdivision, such as FL; without it those of every part");
    show.add_option("--channel", to_show->channel, "email, sms, push or ads");
    show.add_option("--trigger", to_show->trigger, "cart, payment_failure or recurring_payment_failure");

    auto& check = add_verb(verb, "check", "Check packs before they are used");
    auto const to_check = bind<LawOptions>(check, context, run);
    to_check->action = LawOptions::Action::check;
    check.add_option("files", to_check->files, "Pack files")->required();
}

}  // namespace recoup::app
