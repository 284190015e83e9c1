#include "core/codec/json_text.hpp"

#include "core/codec/utf8.hpp"

#include <charconv>
#include <cmath>

namespace recoup::core {
namespace {

void append_escaped(std::string& out, std::string_view text) {
    constexpr char digits[] = "0123456789abcdef";
    std::size_t plain = 0;   // start of what needs no escape
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const c = static_cast<unsigned char>(text[i]);
        if (c >= 0x20 && c != '"' && c != '\\') continue;
        out.append(text, plain, i - plain);
        plain = i + 1;
        if (c == '"' || c == '\\') {
            out += '\\';
            out += text[i];
        } else if (c != 0) {
            out += "\\u00";
            out += digits[c >> 4];
            out += digits[c & 15];
        }
    }
    out.append(text, plain);
}

template <class Number>
void append_number(std::string& out, Number value) {
    char digits[32];
    auto const end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    out.append(digits, end);
}

}  // namespace

void append_json(std::string& out, std::string_view text) {
    out += '"';
    if (is_utf8(text)) append_escaped(out, text);
    else append_escaped(out, to_utf8(text));
    out += '"';
}

void append_json(std::string& out, std::int64_t value) { append_number(out, value); }

void append_json(std::string& out, double value) {
    if (std::isfinite(value)) append_number(out, value);
    else out += "null";
}

}  // namespace recoup::core
