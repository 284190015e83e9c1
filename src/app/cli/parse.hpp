#pragma once
// Small words for the verbs' parsers. Only cli/*.cpp includes CLI11.

#include "app/cli/commands.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace recoup::app {

/// A verb whose options come before or after the global ones.
CLI::App& add_verb(CLI::App& parent, std::string const& name, std::string const& help);

/// Options that live as long as the parser and are handed to `run` when the verb was chosen.
template <class Options>
std::shared_ptr<Options> bind(CLI::App& verb, Context& context, Verb<Options> run) {
    auto options = std::make_shared<Options>();
    verb.callback([options, &context, run = std::move(run)] {
        context.run = [options, &context, run] { return run(*options, context); };
    });
    return options;
}

void add_data_dir(CLI::App& verb, std::string& data_dir, Context const& context);
void add_target(CLI::App& verb, Target& target, Context const& context);
/// A flag that stands for a configuration key: `flags` receives "key=value".
void add_key_flag(CLI::App& verb, std::string const& flag, std::string const& key, std::vector<std::string>& flags,
                  std::string const& help);

}  // namespace recoup::app
