#include "app/cli/parse.hpp"

#include "recoup/base/settings.hpp"

namespace recoup::app {
namespace {

ServeRoles roles_of(std::string const& text) {
    ServeRoles roles{false, false, false, false};
    for (auto const& role : split_list(text)) {
        if (role == "ingest") roles.ingest = true;
        else if (role == "track") roles.track = true;
        else if (role == "deliver") roles.deliver = true;
        else if (role == "api") roles.api = true;
        else throw CLI::ValidationError("--roles", "\"" + role + "\" is none of ingest, track, deliver, api");
    }
    if (!roles.ingest && !roles.track && !roles.deliver && !roles.api)
        throw CLI::ValidationError("--roles", "name at least one of ingest, track, deliver, api");
    return roles;
}

}  // namespace

void add_serve(CLI::App& app, Context& context, Verb<ServeOptions> run) {
    auto& verb = add_verb(app, "serve", "Run the daemon");
    auto const options = bind<ServeOptions>(verb, context, std::move(run));
    verb.add_option_function<std::string>(
            "--roles", [options](std::string const& text) { options->roles = roles_of(text); },
            "Parts to run in this process: ingest,track,deliver,api; all when left out")
        ->type_name("LIST");
}

}  // namespace recoup::app
