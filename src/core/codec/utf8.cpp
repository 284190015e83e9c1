#include "core/codec/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace recoup::core {
namespace {

/// Bytes of the well-formed character at `at`, 0 when there is none.
std::size_t character_length(std::string_view text, std::size_t at) {
    auto const byte = [&](std::size_t offset) -> std::uint8_t {
        return at + offset < text.size() ? static_cast<std::uint8_t>(text[at + offset]) : std::uint8_t{0};
    };
    auto const continues = [&](std::size_t offset) { return (byte(offset) & 0xC0) == 0x80; };
    std::uint8_t const first = byte(0), second = byte(1);
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first <= 0xDF) return continues(1) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        bool const overlong = first == 0xE0 && second < 0xA0;
        bool const surrogate = first == 0xED && second > 0x9F;
        return continues(1) && continues(2) && !overlong && !surrogate ? 3 : 0;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        bool const overlong = first == 0xF0 && second < 0x90;
        bool const too_high = first == 0xF4 && second > 0x8F;
        return continues(1) && continues(2) && continues(3) && !overlong && !too_high ? 4 : 0;
    }
    return 0;
}

}  // namespace

bool is_utf8(std::string_view text) {
    std::size_t at = 0;
    auto const ascii = [&](std::size_t from) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, text.data() + from, sizeof eight);
        return (eight & 0x8080808080808080) == 0;
    };
    constexpr std::size_t step = 8;
    while (at + step <= text.size() && ascii(at)) at += step;   // most often all of it
    if (at + step > text.size() && text.size() >= step && ascii(text.size() - step)) return true;
    while (at < text.size() && static_cast<std::uint8_t>(text[at]) < 0x80) ++at;
    while (at < text.size()) {
        auto const length = character_length(text, at);
        if (length == 0) return false;
        at += length;
    }
    return true;
}

std::string to_utf8(std::string_view text) {
    if (is_utf8(text)) return std::string(text);
    std::string clean;
    for (std::size_t at = 0; at < text.size();) {
        auto const length = character_length(text, at);
        clean += length == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(at, length);
        at += length == 0 ? 1 : length;
    }
    return clean;
}

CodePoint first_code_point(std::string_view text) {
    auto const at = [text](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    auto const lead = at(0);
    std::size_t const size = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
    if (size == 0 || size > text.size()) return {};
    char32_t code = size == 1 ? lead : lead & (0x7fU >> size);
    for (std::size_t i = 1; i < size; ++i) {
        if ((at(i) & 0xc0) != 0x80) return {};
        code = (code << 6) | (at(i) & 0x3fU);
    }
    return {code, size};
}

}  // namespace recoup::core
