#include "core/web/idempotency_key.hpp"

#include "core/web/text.hpp"
#include "recoup/base/limits.hpp"

#include <algorithm>

namespace recoup::core {
namespace {

/// RFC 8941 section 4.2.5. Parameters behind the string are refused.
bool unquote(std::string_view text, std::string& out) {
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '"') return i + 1 == text.size();
        if (text[i] == '\\' && (++i == text.size() || (text[i] != '"' && text[i] != '\\'))) return false;
        out += text[i];
    }
    return false;
}

}  // namespace

Result<std::string> idempotency_key(std::string_view header) {
    header = trimmed(header);
    std::string key;
    bool const whole = !header.starts_with('"') ? (key = header, true) : unquote(header, key);
    bool const printable = std::all_of(key.begin(), key.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
    if (!whole || key.empty() || key.size() > limits::id_bytes || !printable)
        return error(Errc::invalid, "Idempotency-Key must be a string of 1 to 255 printable ASCII characters.");
    return key;
}

}  // namespace recoup::core
