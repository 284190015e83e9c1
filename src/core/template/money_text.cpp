#include "core/template/money_text.hpp"

#include <array>
#include <utility>

namespace recoup::core {
namespace {

/// Only symbols that mean one currency to their readers; the dollars of others carry their letters.
constexpr std::array<std::pair<std::string_view, std::string_view>, 10> symbols{{
    {"USD", "$"}, {"EUR", "€"}, {"GBP", "£"}, {"JPY", "¥"}, {"INR", "₹"},
    {"CAD", "CA$"}, {"AUD", "A$"}, {"NZD", "NZ$"}, {"KRW", "₩"}, {"ILS", "₪"},
}};

std::string grouped(std::string number) {
    auto const point = std::min(number.find('.'), number.size());
    for (auto at = static_cast<std::ptrdiff_t>(point) - 3; at > 0; at -= 3)
        number.insert(static_cast<std::size_t>(at), ",");
    return number;
}

}  // namespace

std::string money_text(Money const& money) {
    auto number = decimal_text(money);
    bool const negative = number.starts_with('-');
    auto text = grouped(negative ? number.substr(1) : std::move(number));
    auto const sign = std::string(negative ? "-" : "");
    for (auto const& [currency, symbol] : symbols)
        if (currency == money.currency) return sign + std::string(symbol) + text;
    return sign + text + (money.currency.empty() ? "" : " " + money.currency);
}

}  // namespace recoup::core
