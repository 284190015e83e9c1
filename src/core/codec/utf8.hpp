#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace recoup::core {

bool is_utf8(std::string_view text);

struct CodePoint {
    char32_t code = 0xfffd;   // what a byte that belongs to no UTF-8 counts as
    std::size_t size = 1;     // bytes
};
/// The first of a text that is not empty.
CodePoint first_code_point(std::string_view text);

/// `text` with every byte that does not belong to well-formed UTF-8 (Unicode 15, table 3-7) replaced by U+FFFD.
std::string to_utf8(std::string_view text);

}  // namespace recoup::core
