#include "app/cli/parse.hpp"

namespace recoup::app {

void add_why(CLI::App& app, Context& context, Verb<WhyOptions> run) {
    auto& verb = add_verb(app, "why", "Tell in plain words why a message was sent or not");
    auto const options = bind<WhyOptions>(verb, context, std::move(run));
    auto* about = verb.add_option_group("about", "One of");
    about->add_option("--email", options->email, "Every decision about this address");
    about->add_option("--message", options->message, "The decision behind one message");
    about->add_option("--enrollment", options->enrollment, "Every decision of one enrollment");
    about->require_option(1);
    add_target(verb, options->target, context);
}

}  // namespace recoup::app
