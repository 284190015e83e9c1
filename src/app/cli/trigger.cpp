#include "app/cli/parse.hpp"

namespace recoup::app {

void add_trigger(CLI::App& app, Context& context, Verb<TriggerOptions> run) {
    auto& verb = add_verb(app, "trigger", "Send one signed webhook to a running daemon, as a store would");
    auto const options = bind<TriggerOptions>(verb, context, std::move(run));
    verb.add_option("event", options->event, "What happened, for example checkout_abandoned")->required();
    verb.add_option("--email", options->email, "Address of the shopper");
    verb.add_option("--phone", options->phone, "Phone number of the shopper, E.164");
    verb.add_option("--value-minor", options->value_minor, "Value of the cart in minor units")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    verb.add_option("--currency", options->currency, "ISO 4217 code")->capture_default_str();
    add_target(verb, options->target, context);
}

}  // namespace recoup::app
