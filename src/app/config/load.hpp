#pragma once
// default < TOML files in order < environment < flags, checked against the declared keys. Every mistake is reported,
// not only the first, each with its place and, for an unknown name, the nearest known one.

#include "recoup/base/settings.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace recoup::app {

using Environment = std::map<std::string, std::string>;

struct LoadOptions {
    std::vector<std::filesystem::path> files{};
    Environment environment{};             // the whole one; what does not start with RECOUP_ is ignored
    std::vector<std::string> overrides{};  // "section.key=value", from --set and from flags that stand for a key
};

/// Every key has a value in the result. Errc::configuration with one line for each mistake.
Result<Settings> load_settings(std::vector<ConfigKey> const& keys, LoadOptions const& options);

/// The files that are read when none is named: RECOUP_CONFIG, else the user's own, else the system's. May be empty.
std::vector<std::filesystem::path> default_files(Environment const& environment);

/// "public.address" -> "RECOUP_PUBLIC__ADDRESS".
std::string variable_name(std::string_view key);

}  // namespace recoup::app
