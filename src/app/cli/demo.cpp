#include "app/cli/parse.hpp"

namespace recoup::app {

void add_demo(CLI::App& app, Context& context, Verb<DemoOptions> run) {
    auto& verb = add_verb(app, "demo", "Play a simulated store against a running `recoup dev --clock manual`");
    auto const options = bind<DemoOptions>(verb, context, std::move(run));
    add_target(verb, options->target, context);
    verb.add_option("--carts", options->carts, "Carts")->check(CLI::Range(1, 1'000'000))->capture_default_str();
    verb.add_option("--seed", options->seed, "The same seed plays the same store")->capture_default_str();
}

}  // namespace recoup::app
