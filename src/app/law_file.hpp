#pragma once
// Law packs: TOML (config/law, docs/law.md) to validated rules, and to the law in force.

#include "core/law/law.hpp"

namespace recoup::app {

/// Errc::configuration, "us.toml:12: what is wrong and how to mend it".
Result<core::LawPack> parse_law_pack(std::string_view toml, std::string const& file_name);

/// The packs the binary carries; those of `folder` take the place of their namesakes or come to them. Empty = none of one's own.
Result<std::shared_ptr<core::Law const>> load_law(std::string const& folder);

/// Only these files, as `recoup law check` reads them.
Result<std::shared_ptr<core::Law const>> load_law_files(std::vector<std::string> const& paths);

}  // namespace recoup::app
