#pragma once
// Walks a syntax tree with variables. Bounded in output, loop turns and the size of every value.

#include "core/template/syntax.hpp"
#include "recoup/base/result.hpp"

#include <string>

namespace recoup::core::liquid {

/// Errc::too_large past limits::rendered_bytes or 10,000 loop turns, Errc::invalid for arithmetic out of range; both
/// with "line 3: ".
Result<std::string> render(Block const& block, Value const& variables, bool html);

}  // namespace recoup::core::liquid
