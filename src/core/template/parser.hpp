#pragma once
// Template text to syntax tree.

#include "core/template/syntax.hpp"
#include "recoup/base/result.hpp"

#include <string_view>

namespace recoup::core::liquid {

/// `html`: outputs are escaped for where they stand (html_context.hpp). Errc::invalid, "line 3: what is wrong".
Result<Block> parse(std::string_view source, bool html);

}  // namespace recoup::core::liquid
