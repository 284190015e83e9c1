#pragma once

#include <string>
#include <string_view>

namespace recoup::core {

bool is_utf8(std::string_view text);

/// `text` with every byte that does not belong to well-formed UTF-8 (Unicode 15, table 3-7) replaced by U+FFFD.
std::string to_utf8(std::string_view text);

}  // namespace recoup::core
