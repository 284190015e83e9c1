#pragma once
// Text of HTTP headers.

#include <string>
#include <string_view>

namespace recoup::core {

std::string lower_ascii(std::string_view text);
/// Without spaces and tabs at its ends.
std::string_view trimmed(std::string_view text);

}  // namespace recoup::core
