#include "adapter/source/shared/text.hpp"

#include "recoup/base/limits.hpp"

#include <algorithm>

namespace recoup::source {
namespace {

bool control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }
bool continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

}  // namespace

std::string bounded_text(std::string_view text, std::size_t most) {
    if (text.size() > most) {
        while (most > 0 && continuation(text[most])) --most;
        text = text.substr(0, most);
    }
    std::string out(text);
    std::replace_if(out.begin(), out.end(), control, ' ');
    return out;
}

bool is_header_id(std::string_view text) {
    return !text.empty() && text.size() <= limits::id_bytes &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

std::string safe_url(std::string_view text) {
    if (text.size() > limits::url_bytes) return {};
    auto const scheme = lower_ascii(text.substr(0, std::min<std::size_t>(text.find(':'), 6)));   // longer ones are unknown
    auto const rest = text.substr(std::min(text.size(), scheme.size()));
    bool const known = (scheme == "http" || scheme == "https") && rest.starts_with("://") && rest.size() > 3;
    if (!known) return {};
    for (char const c : text)
        if (control(c) || c == ' ' || c == '"' || c == '<' || c == '>' || c == '\\') return {};
    return std::string(text);
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::string upper_ascii(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    return out;
}

std::string_view trimmed(std::string_view text) {
    auto const space = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    while (!text.empty() && space(text.front())) text.remove_prefix(1);
    while (!text.empty() && space(text.back())) text.remove_suffix(1);
    return text;
}

}  // namespace recoup::source
