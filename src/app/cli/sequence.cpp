#include "app/cli/parse.hpp"

namespace recoup::app {

void add_sequence(CLI::App& app, Context& context, Verb<SequenceOptions> run) {
    auto& verb = add_verb(app, "sequence", "Recovery sequences");
    verb.require_subcommand(1);

    auto& apply = add_verb(verb, "apply", "Store sequence files as new versions; running enrollments keep theirs");
    auto const to_apply = bind<SequenceOptions>(apply, context, run);
    to_apply->action = SequenceOptions::Action::apply;
    apply.add_option("files", to_apply->files, "Sequence files")->required();
    apply.add_option("--shop", to_apply->shop, "Only for this shop; every shop when left out");
    add_data_dir(apply, to_apply->data_dir, context);

    auto& show = add_verb(verb, "show", "Show the sequences in force");
    auto const to_show = bind<SequenceOptions>(show, context, std::move(run));
    show.add_option("--shop", to_show->shop, "Only of this shop");
    add_data_dir(show, to_show->data_dir, context);
}

}  // namespace recoup::app
