#include "app/cli/parse.hpp"

namespace recoup::app {

void add_dev(CLI::App& app, Context& context, Verb<DevOptions> run) {
    auto& verb = add_verb(app, "dev", "Run everything on this machine with nothing to configure; no message leaves it");
    auto const options = bind<DevOptions>(verb, context, std::move(run));
    auto& flags = options->flags;
    add_data_dir(verb, options->data_dir, context);
    add_key_flag(verb, "--public", "public.address", flags,
                 "Address of the public listener; port 0 lets the system choose");
    add_key_flag(verb, "--admin", "admin.address", flags,
                 "Address of the admin listener; port 0 lets the system choose");
    add_key_flag(verb, "--clock", "clock.mode", flags, "real, or manual to move time over the admin API");
    add_key_flag(verb, "--start", "clock.start", flags, "Where a manual clock starts, RFC 3339");
    add_key_flag(verb, "--log", "log.kind", flags, "postgres or kafka");
    add_key_flag(verb, "--kafka-brokers", "kafka.brokers", flags, "Bootstrap servers, host:port,...");
    auto* demo = verb.add_flag("--demo", options->demo, "Play a simulated store and print what came of it");
    verb.add_option("--carts", options->carts, "Carts of the demo")
        ->needs(demo)
        ->check(CLI::Range(1, 1'000'000))
        ->capture_default_str();
    verb.add_option("--seed", options->seed, "The same seed plays the same store")->needs(demo)->capture_default_str();
    verb.add_flag("--once", options->once, "Stop after the demo; exit 0 only if every check held")->needs(demo);
}

}  // namespace recoup::app
