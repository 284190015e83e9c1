#pragma once
// Documents made from the declared keys, so that they cannot drift.

#include "recoup/base/settings.hpp"

#include <string>
#include <vector>

namespace recoup::app {

/// A complete TOML file with every key commented out at its default: config/recoup.toml and `config init`.
std::string reference_toml(std::vector<ConfigKey> const& keys);
/// docs/config.md.
std::string reference_markdown(std::vector<ConfigKey> const& keys);

}  // namespace recoup::app
