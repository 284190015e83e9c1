#pragma once
// Sequence files: TOML (config/sequences) to a validated domain Sequence of version 0.

#include "core/sequence/validate.hpp"
#include "recoup/base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace recoup::app {

/// Errc::configuration, "cart.toml:12: what is wrong and how to mend it".
Result<Sequence> parse_sequence(std::string_view toml, std::string const& file_name,
                                core::TemplateExists const& template_exists);
Result<Sequence> load_sequence_file(std::string const& path, core::TemplateExists const& template_exists);

/// The sequences the binary carries: "cart" and "payment_failure".
Result<std::vector<Sequence>> default_sequences(core::TemplateExists const& template_exists);

}  // namespace recoup::app
