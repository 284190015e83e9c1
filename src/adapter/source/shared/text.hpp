#pragma once
// Text from outside, made safe to store: valid UTF-8, bounded, without control characters.

#include "core/web/text.hpp"

#include <string>
#include <string_view>

namespace recoup::source {

/// Cut at a code point to at most `most` bytes; control characters become spaces. Expects valid UTF-8.
std::string bounded_text(std::string_view text, std::size_t most);
/// Printable ASCII without spaces, 1 to limits::id_bytes long: what an id in a header may be.
bool is_header_id(std::string_view text);
/// The URL when it is http or https, bounded and free of spaces, quotes and control characters; "" otherwise.
std::string safe_url(std::string_view text);
/// 0 to 15; -1 for what is no hexadecimal digit.
int hex_digit(char c);
using core::lower_ascii;
std::string upper_ascii(std::string_view text);
std::string_view trimmed(std::string_view text);

}  // namespace recoup::source
