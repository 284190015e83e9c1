#include "core/template/filters.hpp"

#include "core/template/date_filter.hpp"
#include "core/template/money_text.hpp"
#include "recoup/base/limits.hpp"

#include <algorithm>
#include <array>

namespace recoup::core::liquid {
namespace {

using Arguments = std::span<Value const>;

Filtered bounded(std::string text) {
    if (text.size() > limits::rendered_bytes) return error(Errc::too_large, "a filter's result is too large");
    return Value(std::move(text));
}

template <class F>
std::string mapped(Value const& input, F&& change) {
    auto text = to_text(input);
    std::transform(text.begin(), text.end(), text.begin(), change);
    return text;
}

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

Filtered upcase(Value const& input, Arguments, FilterContext const&) { return Value(mapped(input, upper)); }
Filtered downcase(Value const& input, Arguments, FilterContext const&) { return Value(mapped(input, lower)); }
Filtered capitalize(Value const& input, Arguments, FilterContext const&) {
    auto text = mapped(input, lower);
    if (!text.empty()) text[0] = upper(text[0]);
    return Value(std::move(text));
}

Filtered escape(Value const& input, Arguments, FilterContext const& context) {
    return context.html ? Filtered(input) : bounded(escape_html(to_text(input)));
}

Filtered default_value(Value const& input, Arguments arguments, FilterContext const&) {
    bool const missing = !truthy(input) || input == "" || (input.is_structured() && input.empty());
    return missing ? Value(arguments[0]) : input;
}

Filtered money(Value const& input, Arguments, FilterContext const& context) {
    if (!input.is_number_integer()) return Value(to_text(input));  // our prices are texts already
    return Value(money_text({input.get<std::int64_t>(), context.currency}));
}

Filtered money_without_currency(Value const& input, Arguments, FilterContext const& context) {
    if (!input.is_number_integer()) return Value(to_text(input));
    return Value(decimal_text({input.get<std::int64_t>(), context.currency}));
}

Filtered date(Value const& input, Arguments arguments, FilterContext const&) {
    return bounded(format_date(input, to_text(arguments[0])));
}

Filtered size(Value const& input, Arguments, FilterContext const&) {
    auto const count = member(input, "size");
    return count.is_null() ? Value(0) : count;
}
Filtered first(Value const& input, Arguments, FilterContext const&) { return member(input, "first"); }
Filtered last(Value const& input, Arguments, FilterContext const&) { return member(input, "last"); }

Filtered join(Value const& input, Arguments arguments, FilterContext const&) {
    if (!input.is_array()) return bounded(to_text(input));
    auto const glue = arguments.empty() ? std::string(" ") : to_text(arguments[0]);
    std::string out;
    for (std::size_t i = 0; i < input.size() && out.size() <= limits::rendered_bytes; ++i)
        out += (i == 0 ? "" : glue) + to_text(input[i]);
    return bounded(std::move(out));
}

Filtered truncate(Value const& input, Arguments arguments, FilterContext const&) {
    auto const text = to_text(input);
    auto const length = arguments.empty() ? 50 : std::max<std::int64_t>(to_integer(arguments[0]), 0);
    auto const ellipsis = arguments.size() > 1 ? to_text(arguments[1]) : std::string("...");
    if (code_points(text) <= static_cast<std::size_t>(length)) return Value(text);
    auto const room = std::max<std::int64_t>(length - static_cast<std::int64_t>(code_points(ellipsis)), 0);
    return bounded(std::string(code_point_prefix(text, static_cast<std::size_t>(room))) + ellipsis);
}

Filtered append(Value const& input, Arguments arguments, FilterContext const&) {
    return bounded(to_text(input) + to_text(arguments[0]));
}
Filtered prepend(Value const& input, Arguments arguments, FilterContext const&) {
    return bounded(to_text(arguments[0]) + to_text(input));
}

using Arithmetic = bool (*)(std::int64_t, std::int64_t, std::int64_t*);   // true = overflow

Filtered arithmetic(Arithmetic compute, Value const& input, Value const& argument) {
    std::int64_t out = 0;
    if (compute(to_integer(input), to_integer(argument), &out)) return error(Errc::invalid, "a number is too large");
    return Value(out);
}
Filtered plus(Value const& input, Arguments arguments, FilterContext const&) {
    return arithmetic([](auto a, auto b, auto* out) { return __builtin_add_overflow(a, b, out); }, input, arguments[0]);
}
Filtered minus(Value const& input, Arguments arguments, FilterContext const&) {
    return arithmetic([](auto a, auto b, auto* out) { return __builtin_sub_overflow(a, b, out); }, input, arguments[0]);
}
Filtered times(Value const& input, Arguments arguments, FilterContext const&) {
    return arithmetic([](auto a, auto b, auto* out) { return __builtin_mul_overflow(a, b, out); }, input, arguments[0]);
}

Filtered strip(Value const& input, Arguments, FilterContext const&) {
    auto const text = to_text(input);
    constexpr std::string_view blanks = " \t\r\n\v\f";
    auto const from = text.find_first_not_of(blanks);
    if (from == std::string::npos) return Value("");
    return Value(text.substr(from, text.find_last_not_of(blanks) - from + 1));
}

Filtered url_encode(Value const& input, Arguments, FilterContext const&) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string out;
    for (char const c : to_text(input)) {
        bool const plain = (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                           c == '.' || c == '~';
        auto const byte = static_cast<unsigned char>(c);
        if (plain) out += c;
        else if (c == ' ') out += '+';
        else out += {'%', hex[byte >> 4], hex[byte & 15]};
    }
    return bounded(std::move(out));
}

constexpr std::array filters{
    Filter{"append", 1, 1, append},
    Filter{"capitalize", 0, 0, capitalize},
    Filter{"date", 1, 1, date},
    Filter{"default", 1, 1, default_value},
    Filter{"downcase", 0, 0, downcase},
    Filter{"escape", 0, 0, escape},
    Filter{"first", 0, 0, first},
    Filter{"join", 0, 1, join},
    Filter{"last", 0, 0, last},
    Filter{"minus", 1, 1, minus},
    Filter{"money", 0, 0, money},
    Filter{"money_without_currency", 0, 0, money_without_currency},
    Filter{"plus", 1, 1, plus},
    Filter{"prepend", 1, 1, prepend},
    Filter{"size", 0, 0, size},
    Filter{"strip", 0, 0, strip},
    Filter{"times", 1, 1, times},
    Filter{"truncate", 0, 2, truncate},
    Filter{"upcase", 0, 0, upcase},
    Filter{"url_encode", 0, 0, url_encode},
};

}  // namespace

Filter const* find_filter(std::string_view name) {
    auto const found = std::find_if(filters.begin(), filters.end(), [name](Filter const& f) { return f.name == name; });
    return found == filters.end() ? nullptr : &*found;
}

std::string filter_names() {
    std::string out;
    for (auto const& filter : filters) out.append(out.empty() ? "" : ", ").append(filter.name);
    return out;
}

std::string escape_html(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (char const c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            default: out += c;
        }
    }
    return out;
}

}  // namespace recoup::core::liquid
