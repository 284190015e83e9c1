#pragma once
// What every verb gets: its streams, the environment, the declared keys and the options that stand before or behind any
// verb. Tests build their own.

#include "app/config/load.hpp"
#include "recoup/port/http.hpp"

#include <functional>
#include <iosfwd>
#include <memory>

namespace recoup::app {

/// sysexits(3) where it has a word for it.
enum Exit : int { exit_ok = 0, exit_failure = 1, exit_usage = 2, exit_temporary = 75, exit_configuration = 78 };

/// Which exit code stands for an error.
int exit_code(Errc code);

enum class Output : unsigned char { table, json };
enum class Color : unsigned char { automatic, always, never };

struct GlobalOptions {
    std::vector<std::string> files;  // --config
    std::vector<std::string> set;    // --set section.key=value
    Output output = Output::table;
    Color color = Color::automatic;
};

struct Context {
    std::ostream& out;  // data
    std::ostream& err;  // talk
    bool out_is_terminal = false;
    bool err_is_terminal = false;
    Environment environment{};
    std::vector<ConfigKey> keys{};  // the daemon's own and those of the plug-ins
    std::function<std::unique_ptr<HttpClient>()> http_client{};
    GlobalOptions options{};
    std::function<int()> run{};  // chosen by parsing

    bool json() const { return options.output == Output::json; }
};

/// Settings from files, environment, --set and `flags` (flags of a verb that stand for keys; they win).
Result<Settings> settings_of(Context const& context, std::vector<std::string> const& flags = {});

/// Prints "recoup: message" to the talk stream and gives the exit code.
int fail(Context& context, Error const& failure);

}  // namespace recoup::app
