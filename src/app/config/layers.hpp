#pragma once
// The three layers above the defaults, as found: names and texts with their origin, not yet checked against a key.

#include "app/config/load.hpp"

#include <string>
#include <vector>

namespace recoup::app {

struct Found {
    std::string key;
    std::string text;
    std::string origin;  // "recoup.toml:3:1", "RECOUP_LOG__KIND", "--set"
    enum class Written { any, quoted, integer, real, boolean, array } written = Written::any;
};

/// What a layer offers and the mistakes met on the way, ready to print.
struct Layer {
    std::vector<Found> values;
    std::vector<std::string> mistakes;
};

Layer read_toml_file(std::filesystem::path const& path);
/// Text of a TOML document; `shown_name` stands in origins and messages.
Layer read_toml(std::string_view document, std::string const& shown_name);
/// RECOUP_SECTION__KEY and, for text and list keys, RECOUP_SECTION__KEY_FILE (one trailing newline is cut).
Layer read_environment(std::vector<ConfigKey> const& keys, Environment const& environment);
Layer read_overrides(std::vector<std::string> const& overrides);

}  // namespace recoup::app
