#include "app/cli/parse.hpp"

namespace recoup::app {

CLI::App& add_verb(CLI::App& parent, std::string const& name, std::string const& help) {
    auto* verb = parent.add_subcommand(name, help);
    verb->fallthrough();
    verb->set_help_flag("-h,--help", "Print this help");
    return *verb;
}

std::string default_data_dir(Environment const& environment) {
    auto const value = [&](std::string const& name) {
        auto const found = environment.find(name);
        return found == environment.end() ? std::string{} : found->second;
    };
    if (auto const state = value("XDG_STATE_HOME"); !state.empty()) return state + "/recoup";
    if (auto const home = value("HOME"); !home.empty()) return home + "/.local/state/recoup";
    return {};
}

void add_data_dir(CLI::App& verb, std::string& data_dir, Context const& context) {
    data_dir = default_data_dir(context.environment);
    auto* option = verb.add_option("--data", data_dir, "Data folder of `recoup dev`")->type_name("DIR");
    if (data_dir.empty()) option->required();
    else option->capture_default_str();
}

void add_target(CLI::App& verb, Target& target, Context const& context) {
    target.data_dir = default_data_dir(context.environment);
    verb.add_option("--data", target.data_dir, "Data folder of a running `recoup dev`")->type_name("DIR");
    verb.add_option("--public", target.public_url, "Base URL of the public listener")->type_name("URL");
    verb.add_option("--admin", target.admin_url, "Base URL of the admin listener")->type_name("URL");
    verb.add_option("--admin-token", target.admin_token, "Token of the admin API")->envname("RECOUP_ADMIN__TOKEN");
    verb.add_option("--shop", target.shop, "Shop")->capture_default_str();
}

void add_key_flag(CLI::App& verb, std::string const& flag, std::string const& key, std::vector<std::string>& flags,
                  std::string const& help) {
    verb.add_option_function<std::string>(
            flag, [&flags, key](std::string const& value) { flags.push_back(key + "=" + value); },
            help + " (" + key + ")")
        ->type_name("VALUE");
}

}  // namespace recoup::app
