#pragma once
// Money is an integer of minor units of its own currency (ISO 4217 exponent: JPY 0, USD 2, KWD 3). Never a double.

#include "recoup/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace recoup {

struct Money {
    std::int64_t minor = 0;
    std::string currency;  // ISO 4217, upper case; empty = not known

    friend bool operator==(Money const&, Money const&) = default;

    template <class Self, class V>
    static void fields(Self& self, V&& v) {
        v("minor", self.minor);
        v("currency", self.currency);
    }
};

/// Digits behind the decimal point: 2 unless the currency is one of the zero-, three- or four-digit ones.
int currency_exponent(std::string_view currency);

/// "421.88", "421.9", "-3", "1e2" refused. Surplus digits are rounded half away from zero. Errc::invalid when not a
/// number or past +-9.0e15 minor units.
Result<std::int64_t> parse_minor(std::string_view decimal, std::string_view currency);

/// "421.88 USD", "1200 JPY".
std::string to_text(Money const& money);
/// "421.88": the number alone, for templates and prices.
std::string decimal_text(Money const& money);

}  // namespace recoup
