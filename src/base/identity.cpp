#include "recoup/domain/identity.hpp"

#include "recoup/base/limits.hpp"

#include <algorithm>
#include <array>

namespace recoup {
namespace {

constexpr std::array<std::string_view, 8> kind_names{"email",      "phone",          "customer_id", "anonymous_id",
                                                     "cart_token", "checkout_token", "order_id",    "browse"};

std::string_view trimmed(std::string_view text) {
    auto const space = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    while (!text.empty() && space(text.front())) text.remove_prefix(1);
    while (!text.empty() && space(text.back())) text.remove_suffix(1);
    return text;
}

bool digit(char c) { return c >= '0' && c <= '9'; }

/// Values that many shops send for "nobody"; joining by them would make one person of everybody.
bool blocked(std::string_view value) {
    constexpr std::array<std::string_view, 8> words{"null", "undefined", "anonymous", "none", "-1", "nan", "false", "guest"};
    constexpr std::size_t longest = 9;
    if (std::all_of(value.begin(), value.end(), [](char c) { return c == '0' || c == '-'; })) return true;
    if (value.size() > longest) return false;
    std::string lower{value};
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return std::find(words.begin(), words.end(), lower) != words.end();
}

/// What stands for each byte of an email address; NUL where it may not be.
constexpr std::array<char, 256> address_letters = [] {
    std::array<char, 256> letters{};
    for (int c = 0x21; c < 256; ++c)
        if (c != 0x7F) letters[static_cast<std::size_t>(c)] = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    for (unsigned char const c : std::string_view("\"<>,;()\\[]")) letters[c] = '\0';
    return letters;
}();

bool printable(std::string_view value) {
    return std::all_of(value.begin(), value.end(), [](char c) { return static_cast<unsigned char>(c) > 0x20 && c != 0x7F; });
}

}  // namespace

std::string_view name(KeyKind kind) { return kind_names[static_cast<std::size_t>(kind)]; }

std::optional<KeyKind> key_kind(std::string_view text) {
    for (std::size_t i = 0; i < kind_names.size(); ++i)
        if (kind_names[i] == text) return static_cast<KeyKind>(i);
    return std::nullopt;
}

std::optional<std::string> normalise_email(std::string_view text) {
    text = trimmed(text);
    if (text.size() < 6 || text.size() > 254) return std::nullopt;
    std::string out(text);
    for (char& c : out) {
        c = address_letters[static_cast<unsigned char>(c)];
        if (c == '\0') return std::nullopt;
    }
    auto const at = out.find('@');
    if (at == 0 || at == std::string::npos || at > 64 || out.find('@', at + 1) != std::string::npos) return std::nullopt;
    std::string_view const domain = std::string_view(out).substr(at + 1);
    auto const dot = domain.rfind('.');
    bool const good = dot != std::string_view::npos && dot != 0 && domain.size() - dot > 2 &&
                      domain.find("..") == std::string_view::npos && !domain.starts_with('.') && !domain.starts_with('-');
    if (!good || out[at - 1] == '.' || out[0] == '.') return std::nullopt;
    return out;
}

std::optional<std::string> normalise_phone(std::string_view text, std::string_view country) {
    text = trimmed(text);
    bool international = text.starts_with('+');
    std::string digits;
    for (char const c : international ? text.substr(1) : text) {
        if (digit(c)) digits += c;
        else if (c != ' ' && c != '-' && c != '(' && c != ')' && c != '.' && c != '/') return std::nullopt;
    }
    if (!international && digits.starts_with("00")) {
        digits.erase(0, 2);
        international = true;
    }
    if (!international) {
        bool const nanp = country == "US" || country == "CA";
        if (nanp && digits.size() == 10) digits.insert(0, 1, '1');
        else if (!(nanp && digits.size() == 11 && digits[0] == '1')) return std::nullopt;
    }
    if (digits.size() < 8 || digits.size() > 15 || digits[0] == '0') return std::nullopt;
    return "+" + digits;
}

std::optional<IdentityKey> make_key(KeyKind kind, std::string_view value, std::string_view country) {
    value = trimmed(value);
    std::optional<std::string> normal;
    switch (kind) {
        case KeyKind::email: normal = normalise_email(value); break;
        case KeyKind::phone: normal = normalise_phone(value, country); break;
        case KeyKind::cart_token: value = value.substr(0, value.find('?')); [[fallthrough]];
        case KeyKind::checkout_token:
        case KeyKind::customer_id:
        case KeyKind::anonymous_id:
        case KeyKind::order_id:
        case KeyKind::browse:
            if (!value.empty() && value.size() <= limits::id_bytes && !blocked(value) && printable(value))
                normal = std::string(value);
            break;
    }
    if (!normal) return std::nullopt;
    return IdentityKey{kind, *std::move(normal)};
}

}  // namespace recoup
