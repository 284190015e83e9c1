#pragma once
// Every configuration key of the daemon itself, declared once. The loader, `config show`, `config init`, the reference
// in docs/config.md and the example in config/recoup.toml all read this table. Plug-ins bring keys of their own; wiring
// hands the loader both.

#include "recoup/base/settings.hpp"

#include <string_view>
#include <vector>

namespace recoup::app {

/// In the order in which the documents show them; keys of one section are neighbours.
std::vector<ConfigKey> const& core_keys();
/// Those of policy.* and law.*, which core_keys has among its own.
std::vector<ConfigKey> make_policy_keys();

/// Of core_keys(): which intents and people are followed.
std::vector<ConfigKey> intent_keys();

/// "public.address" -> "public".
std::string_view section_of(std::string_view key);
/// "public.address" -> "address".
std::string_view leaf_of(std::string_view key);
/// One sentence for people about a section; empty for a section of a plug-in.
std::string_view section_help(std::string_view section);

/// "text", "duration", ...: for documents and messages.
std::string_view name(ConfigType type);

}  // namespace recoup::app
