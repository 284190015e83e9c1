#include "core/mime/header.hpp"

#include "core/web/text.hpp"

#include "recoup/base/digest.hpp"

#include <algorithm>

namespace recoup::core {
namespace {

constexpr std::size_t line_aim = 76;
constexpr std::size_t line_limit = 998;
constexpr std::string_view word_start = "=?UTF-8?B?";
constexpr std::string_view word_end = "?=";

bool printable(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c >= 0x20 && c < 0x7f; });
}

std::size_t code_point_size(std::string_view text) {
    auto const lead = static_cast<unsigned char>(text.front());
    std::size_t const size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    return std::min(size, text.size());
}

/// Encoded words, each on its own line of at most 76 octets, never cutting a code point (RFC 2047 section 2).
std::string encoded_words(std::string_view text, std::size_t column) {
    std::string out;
    while (!text.empty()) {
        auto const room = line_aim - std::min(column, line_aim - 20) - word_start.size() - word_end.size();
        auto const bytes = std::max<std::size_t>(room / 4 * 3, 4);
        std::size_t taken = 0;
        while (taken < text.size()) {
            auto const next = code_point_size(text.substr(taken));
            if (taken + next > bytes) break;
            taken += next;
        }
        if (!out.empty()) out += "\r\n ";
        out.append(word_start) += to_base64(as_bytes(text.substr(0, taken)));
        out += word_end;
        text.remove_prefix(taken);
        column = 1;
    }
    return out;
}

/// Folds at single spaces; a long word stays whole.
std::string folded(std::string_view text, std::size_t column) {
    std::string out;
    while (!text.empty()) {
        auto const space = text.find(' ', 1);
        auto const word = text.substr(0, space);
        if (column + word.size() > line_aim && word.size() > 1 && word.front() == ' ' && column > 1) {
            out += "\r\n";
            column = 0;
        }
        out += word;
        column += word.size();
        text.remove_prefix(word.size());
    }
    return out;
}

bool needs_encoding(std::string_view text) {
    if (!printable(text) || text.find("=?") != text.npos) return true;
    if (text.empty()) return false;
    if (text.front() == ' ' || text.back() == ' ' || text.find("  ") != text.npos) return true;  // folding would eat them
    return std::any_of(text.begin(), text.end(), [](char c) { return c == ' '; }) ? false : text.size() > 900;
}

Error unsafe(std::string_view name) {
    return error(Errc::invalid, std::string(name) + " holds a control character; a header must be one line");
}

bool address_shaped(std::string_view text) {
    auto const at = text.find('@');
    if (at == text.npos || at == 0 || at > 64 || text.size() > 254 || at + 1 == text.size()) return false;
    return printable(text) && text.find_first_of(" <>()[]\\,;:\"", 0) == text.npos && text.find('@', at + 1) == text.npos;
}

std::string unquoted(std::string_view text) {
    if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::string(text);
    std::string out;
    for (std::size_t i = 1; i + 1 < text.size(); ++i) {
        if (text[i] == '\\' && i + 2 < text.size()) ++i;
        out += text[i];
    }
    return out;
}

std::string display(std::string_view name, std::size_t column) {
    if (needs_encoding(name)) return encoded_words(name, column);
    constexpr std::string_view special = "()<>[]:;@\\,.\"";
    if (name.find_first_of(special) == name.npos) return std::string(name);
    std::string out = "\"";
    for (char const c : name) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

}  // namespace

bool header_safe(std::string_view value) {
    return std::none_of(value.begin(), value.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

Result<std::string> text_field(std::string_view name, std::string_view value) {
    if (!header_safe(value)) return unsafe(name);
    auto const column = name.size() + 2;
    auto line = std::string(name) + ": ";
    line += needs_encoding(value) ? encoded_words(value, column) : folded(value, column);
    return line + "\r\n";
}

Result<std::string> raw_field(std::string_view name, std::string_view value) {
    if (!header_safe(value)) return unsafe(name);
    if (!printable(value) || name.size() + 2 + value.size() > line_limit)
        return error(Errc::invalid, std::string(name) + " must be ASCII and fit a line of 998 characters");
    return std::string(name) + ": " + std::string(value) + "\r\n";
}

Result<Mailbox> parse_mailbox(std::string_view text) {
    if (!header_safe(text)) return unsafe("an address");
    text = trimmed(text);
    Mailbox mailbox;
    if (auto const open = text.rfind('<'); open != text.npos && text.ends_with('>')) {
        mailbox.name = unquoted(trimmed(text.substr(0, open)));
        mailbox.address = trimmed(text.substr(open + 1, text.size() - open - 2));
    } else {
        mailbox.address = text;
    }
    if (!address_shaped(mailbox.address))
        return error(Errc::invalid, "an address must look like name@example.com or Name <name@example.com>");
    return mailbox;
}

Result<std::string> mailbox_field(std::string_view name, Mailbox const& mailbox) {
    if (!header_safe(mailbox.name) || !header_safe(mailbox.address)) return unsafe(name);
    if (!address_shaped(mailbox.address)) return error(Errc::invalid, std::string(name) + " has a malformed address");
    if (mailbox.name.empty()) return raw_field(name, mailbox.address);
    auto line = std::string(name) + ": " + display(mailbox.name, name.size() + 2);
    auto const last = line.rfind('\n');
    auto const column = last == std::string::npos ? line.size() : line.size() - last - 1;
    line += column + mailbox.address.size() + 3 > line_aim ? "\r\n <" : " <";
    return line + mailbox.address + ">\r\n";
}

}  // namespace recoup::core
