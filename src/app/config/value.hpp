#pragma once
// One configuration value: from text as written to the canonical text that Settings holds, checked against its key.

#include "recoup/base/settings.hpp"

#include <string>
#include <string_view>

namespace recoup::app {

/// Errc::configuration with what is wrong and what would be right; never repeats the value of a secret key.
Result<std::string> canonical_value(ConfigKey const& key, std::string_view text);

/// "0 to 0.5", "one of postgres, kafka" or empty: the rule behind canonical_value, for documents and messages.
std::string allowed_values(ConfigKey const& key);

}  // namespace recoup::app
