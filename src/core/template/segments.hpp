#pragma once
// Cuts a template into literal text, {{ outputs }} and {% tags %}, with whitespace control ({{- -}}), raw and comment.

#include "recoup/base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace recoup::core::liquid {

struct Segment {
    enum class Kind : unsigned char { text, output, tag };
    Kind kind = Kind::text;
    std::string text;    // of an output or tag: trimmed, without its braces
    int line = 1;
};

/// Errc::invalid, "line 3: ...".
Result<std::vector<Segment>> cut(std::string_view source);

}  // namespace recoup::core::liquid
