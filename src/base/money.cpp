#include "recoup/domain/money.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace recoup {
namespace {

/// Three letters as one number: an amount is read for each line of each event.
constexpr std::uint32_t packed(std::string_view code) {
    std::uint32_t value = 0;
    for (char const letter : code) value = value << 8 | static_cast<unsigned char>(letter);
    return value;
}

template <std::size_t n>
constexpr auto packed_all(std::array<std::string_view, n> const& codes) {
    std::array<std::uint32_t, n> all{};
    for (std::size_t i = 0; i < n; ++i) all[i] = packed(codes[i]);
    return all;
}

// ISO 4217 list one: the currencies whose exponent is not 2.
constexpr auto no_digits = packed_all<17>({"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG",
                                           "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"});
constexpr auto three_digits = packed_all<7>({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"});
constexpr auto four_digits = packed_all<2>({"CLF", "UYW"});

constexpr std::int64_t most_minor = 9'000'000'000'000'000;

template <class List>
bool in(List const& list, std::uint32_t code) {
    return std::find(list.begin(), list.end(), code) != list.end();
}

}  // namespace

int currency_exponent(std::string_view currency) {
    if (currency.size() != 3) return 2;
    auto const code = packed(currency);
    if (in(no_digits, code)) return 0;
    if (in(three_digits, code)) return 3;
    if (in(four_digits, code)) return 4;
    return 2;
}

Result<std::int64_t> parse_minor(std::string_view decimal, std::string_view currency) {
    auto const bad = [] { return error(Errc::invalid, "not an amount of money, write digits like \"12.50\""); };
    bool const negative = decimal.starts_with('-');
    if (negative || decimal.starts_with('+')) decimal.remove_prefix(1);
    int const exponent = currency_exponent(currency);
    std::int64_t minor = 0;
    int after_point = -1;
    bool any = false, round_up = false;
    for (char const c : decimal) {
        if (c == '.' && after_point < 0) {
            after_point = 0;
            continue;
        }
        if (c < '0' || c > '9') return bad();
        any = true;
        if (after_point >= exponent) {
            if (after_point == exponent) round_up = c >= '5';
            ++after_point;
            continue;
        }
        minor = minor * 10 + (c - '0');
        if (minor > most_minor) return bad();
        if (after_point >= 0) ++after_point;
    }
    if (!any) return bad();
    for (int have = after_point < 0 ? 0 : after_point; have < exponent; ++have) {
        minor *= 10;
        if (minor > most_minor) return bad();
    }
    if (round_up) ++minor;
    return negative ? -minor : minor;
}

std::string decimal_text(Money const& money) {
    int const exponent = currency_exponent(money.currency);
    auto const value = money.minor < 0 ? 0 - static_cast<std::uint64_t>(money.minor) : static_cast<std::uint64_t>(money.minor);
    std::string digits = std::to_string(value);
    if (exponent > 0) {
        auto const width = static_cast<std::size_t>(exponent);
        if (digits.size() <= width) digits.insert(0, width + 1 - digits.size(), '0');
        digits.insert(digits.size() - width, 1, '.');
    }
    return money.minor < 0 ? "-" + digits : digits;
}

std::string to_text(Money const& money) {
    return money.currency.empty() ? decimal_text(money) : decimal_text(money) + " " + money.currency;
}

}  // namespace recoup
