#pragma once
// The command line: parses, answers mistakes with the nearest right word, runs the chosen verb.

#include "app/cli/context.hpp"

namespace CLI {
class App;
}  // namespace CLI

namespace recoup::app {

/// Every verb that exists, in the order of --help. The one place to extend when a verb is added.
void add_verbs(CLI::App& app, Context& context);

/// Runs `recoup <arguments>`; `add` registers the verbs (add_verbs outside of tests). Returns the exit code.
int run_cli(std::vector<std::string> arguments, Context& context,
            std::function<void(CLI::App&, Context&)> const& add = add_verbs);

}  // namespace recoup::app
