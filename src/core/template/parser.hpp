#pragma once
// Template text to syntax tree.

#include "core/template/syntax.hpp"
#include "recoup/base/result.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace recoup::core::liquid {

/// Source of a partial by its name; nullopt when there is none.
using Partials = std::function<std::optional<std::string>(std::string_view name)>;

/// `html`: outputs are escaped for where they stand (html_context.hpp). Errc::invalid, "line 3: what is wrong", with the
/// name of the partial where it is not the template itself.
Result<Block> parse(std::string_view source, bool html, Partials const& partials = {});

}  // namespace recoup::core::liquid
