#include "app/config/value.hpp"

#include "app/config/keys.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace recoup::app {
namespace {

template <class Number>
std::optional<Number> number_in(std::string_view text) {
    Number value{};
    auto const read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
    return value;
}

std::string number_text(double value) {
    char out[32];
    auto const written = std::to_chars(out, out + sizeof out, value);
    return {out, written.ptr};
}

std::vector<std::string> choices_of(ConfigKey const& key) {
    std::string spelled{key.choices};
    std::ranges::replace(spelled, '|', ',');
    return split_list(spelled);
}

Error bad(ConfigKey const& key, std::string_view text, std::string const& wanted) {
    std::string const shown = key.secret ? "a value" : "\"" + std::string(text) + "\"";
    return error(Errc::configuration, shown + " is not " + wanted);
}

template <class Number>
Result<std::string> canonical_number(ConfigKey const& key, std::string_view text, std::string_view kind) {
    auto const value = number_in<Number>(text);
    auto const allowed = allowed_values(key);
    auto const wanted = std::string(kind) + (allowed.empty() ? "" : " in the range " + allowed);
    if (!value) return bad(key, text, wanted);
    auto const as_real = static_cast<double>(*value);
    bool const inside = key.min == key.max || (as_real >= key.min && as_real <= key.max);
    if (!inside || as_real != as_real) return bad(key, text, wanted);
    if constexpr (std::is_same_v<Number, double>) return number_text(*value);
    else return std::to_string(*value);
}

Result<std::string> canonical_text(ConfigKey const& key, std::string_view text) {
    if (text.find('\0') != std::string_view::npos) return error(Errc::configuration, "a NUL character is not allowed");
    if (!key.choices.empty()) {
        auto const choices = choices_of(key);
        if (std::ranges::find(choices, text) == choices.end()) return bad(key, text, allowed_values(key));
    }
    return std::string(text);
}

Result<std::string> canonical_list(std::string_view text) {
    std::string joined;
    for (auto const& part : split_list(text)) joined += (joined.empty() ? "" : ",") + part;
    return joined;
}

}  // namespace

Result<std::string> canonical_value(ConfigKey const& key, std::string_view text) {
    switch (key.type) {
        case ConfigType::text: return canonical_text(key, text);
        case ConfigType::integer: return canonical_number<std::int64_t>(key, text, "an integer");
        case ConfigType::real: return canonical_number<double>(key, text, "a number");
        case ConfigType::list: return canonical_list(text);
        case ConfigType::boolean:
            if (text == "true" || text == "false") return std::string(text);
            return bad(key, text, "true or false");
        case ConfigType::duration:
            if (auto const value = parse_duration(text)) return to_duration_text(*value);
            return bad(key, text, "a duration such as \"90s\", \"30m\", \"4h\" or \"3d\"");
        case ConfigType::size:
            if (auto const value = parse_size(text)) return to_size_text(*value);
            return bad(key, text, "a size such as \"64KiB\" or \"16MiB\"");
    }
    return bad(key, text, "usable");
}

std::string allowed_values(ConfigKey const& key) {
    if (key.min != key.max) return number_text(key.min) + " to " + number_text(key.max);
    if (key.choices.empty()) return {};
    std::string text = "one of ";
    auto const choices = choices_of(key);
    for (std::size_t i = 0; i < choices.size(); ++i) text += (i == 0 ? "" : ", ") + choices[i];
    return text;
}

}  // namespace recoup::app
