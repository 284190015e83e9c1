#include "adapter/http_client/curl_client.hpp"
#include "app/cli/cli.hpp"
#include "app/config/all_keys.hpp"

#include <unistd.h>
#include <iostream>

namespace {

recoup::app::Environment environment_of(char** entries) {
    recoup::app::Environment environment;
    for (; *entries != nullptr; ++entries) {
        std::string_view const entry{*entries};
        if (auto const equals = entry.find('='); equals != std::string_view::npos)
            environment.emplace(entry.substr(0, equals), entry.substr(equals + 1));
    }
    return environment;
}

}  // namespace

int main(int count, char** arguments) {
    recoup::app::Context context{.out = std::cout, .err = std::cerr};
    context.out_is_terminal = isatty(STDOUT_FILENO) == 1;
    context.err_is_terminal = isatty(STDERR_FILENO) == 1;
    context.environment = environment_of(environ);
    context.keys = recoup::app::all_keys();
    context.http_client = [] { return std::make_unique<recoup::http::CurlClient>(); };
    return recoup::app::run_cli({arguments + 1, arguments + count}, context);
}
