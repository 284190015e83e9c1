#include "app/cli/version.hpp"

#include "app/cli/parse.hpp"

#include <ostream>

namespace recoup::app {

std::string compiler() {
#if defined(__clang__)
    return "clang " + std::to_string(__clang_major__) + "." + std::to_string(__clang_minor__);
#else
    return "g++ " + std::to_string(__GNUC__) + "." + std::to_string(__GNUC_MINOR__);
#endif
}

std::string version_line() {
    return "recoup " + version() + " (" + commit() + ", " + compiler() + ")";
}

void add_version(CLI::App& app, Context& context, Verb<VersionOptions> run) {
    auto& verb = add_verb(app, "version", "Print version, commit and compiler");
    bind<VersionOptions>(verb, context, std::move(run));
}

int run_version(VersionOptions const&, Context& context) {
    if (context.json())
        context.out << nlohmann::json{{"version", version()}, {"commit", commit()}, {"compiler", compiler()}}.dump()
                    << '\n';
    else context.out << version_line() << '\n';
    return exit_ok;
}

}  // namespace recoup::app
