#include "app/cli/context.hpp"

#include <ostream>

namespace recoup::app {

int exit_code(Errc code) {
    switch (code) {
        case Errc::configuration: return exit_configuration;
        case Errc::overloaded:
        case Errc::unavailable: return exit_temporary;
        case Errc::invalid:
        case Errc::unauthorized:
        case Errc::forbidden:
        case Errc::not_found:
        case Errc::conflict:
        case Errc::too_large:
        case Errc::internal: return exit_failure;
    }
    return exit_failure;
}

Result<Settings> settings_of(Context const& context, std::vector<std::string> const& flags) {
    LoadOptions load;
    load.files.assign(context.options.files.begin(), context.options.files.end());
    if (load.files.empty()) load.files = default_files(context.environment);
    load.environment = context.environment;
    load.overrides = context.options.set;
    load.overrides.insert(load.overrides.end(), flags.begin(), flags.end());
    return load_settings(context.keys, load);
}

int fail(Context& context, Error const& failure) {
    std::string_view rest = failure.message;
    while (!rest.empty()) {
        auto const end = rest.find('\n');
        context.err << "recoup: " << rest.substr(0, end) << '\n';
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    }
    return exit_code(failure.code);
}

}  // namespace recoup::app
