#include "core/template/variables.hpp"

#include "core/template/value.hpp"

#include <algorithm>

namespace recoup::core {
namespace {

/// The size of a well-formed character at the start of `text`; 0 when it is not valid UTF-8.
std::size_t valid_size(std::string_view text) {
    auto const lead = static_cast<unsigned char>(text[0]);
    std::size_t const size = lead < 0x80 ? 1 : lead >= 0xf5 ? 0 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
    if (size == 0 || size > text.size()) return 0;
    for (std::size_t i = 1; i < size; ++i)
        if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) return 0;
    auto const second = size > 1 ? static_cast<unsigned char>(text[1]) : 0;
    bool const overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
    bool const outside = (lead == 0xed && second > 0x9f) || (lead == 0xf4 && second > 0x8f);
    return overlong || outside ? 0 : size;
}

/// C0, DEL, C1, and the characters that turn the direction or hide themselves (U+200B..200F, 2028..202E, 2060..2069,
/// FEFF). The zero-width joiner U+200D stays: emoji and several scripts need it.
bool hidden(std::string_view character) {
    auto const first = static_cast<unsigned char>(character[0]);
    if (first < 0x20 || first == 0x7f) return true;
    if (character.size() == 2) return first == 0xc2 && static_cast<unsigned char>(character[1]) < 0xa0;
    if (character == "\xef\xbb\xbf") return true;
    if (character.size() != 3 || first != 0xe2 || character == "\xe2\x80\x8d") return false;
    auto const rest = character.substr(1);
    return (rest >= "\x80\x8b" && rest <= "\x80\x8f") || (rest >= "\x80\xa8" && rest <= "\x80\xae") ||
           (rest >= "\x81\xa0" && rest <= "\x81\xa9");
}

}  // namespace

std::string clean_text(std::string_view text, std::size_t limit) {
    std::string out;
    for (std::size_t count = 0; !text.empty() && count < limit;) {
        auto const size = valid_size(text);
        auto const character = text.substr(0, std::max<std::size_t>(size, 1));
        text.remove_prefix(character.size());
        bool const line_end = character == "\n" || character == "\r" || character == "\t";
        if (size == 0 || (hidden(character) && !line_end)) continue;
        auto const shown = line_end ? std::string_view(" ") : character;
        if (shown == " " && (out.empty() || out.back() == ' ')) continue;
        out += shown;
        ++count;
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

std::string clean_name(std::string_view text) {
    auto name = clean_text(text, 40);
    if (name.find_first_of("/\\@<>{}[]|=&%#") != std::string::npos) return {};
    for (std::size_t dot = name.find('.'); dot != std::string::npos; dot = name.find('.', dot + 1))
        if (dot + 1 < name.size() && name[dot + 1] != ' ') return {};  // "evil.example"; "J. R." stays
    bool const has_letter = std::any_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
    });
    return has_letter ? name : std::string();
}

}  // namespace recoup::core
