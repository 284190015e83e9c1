#include "core/sequence/condition.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <tuple>

namespace recoup::core {
namespace {

using Subject = Condition::Subject;
using Comparison = Condition::Comparison;

enum class Kind : unsigned char { number, word, flag };

struct Known {
    std::string_view name;
    Subject subject;
    Kind kind;
};
constexpr std::array subjects{
    Known{"cart.value", Subject::cart_value, Kind::number},
    Known{"cart.items", Subject::cart_items, Kind::number},
    Known{"cart.stage", Subject::cart_stage, Kind::word},
    Known{"cart.country", Subject::cart_country, Kind::word},
    Known{"cart.band", Subject::cart_band, Kind::word},
    Known{"person.orders", Subject::person_orders, Kind::number},
    Known{"person.country", Subject::person_country, Kind::word},
    Known{"person.returned", Subject::person_returned, Kind::flag},
    Known{"payment.class", Subject::payment_class, Kind::word},
    Known{"payment.value", Subject::payment_value, Kind::number},
};

struct Sign {
    std::string_view text;
    Comparison comparison;
};
constexpr std::array signs{Sign{"=", Comparison::equal},   Sign{"!=", Comparison::unequal}, Sign{"<", Comparison::less},
                           Sign{"<=", Comparison::at_most}, Sign{">", Comparison::more},    Sign{">=", Comparison::at_least}};

struct StepProperty {
    std::string_view name;
    Subject subject;
};
constexpr std::array step_properties{StepProperty{"sent", Subject::step_sent}, StepProperty{"opened", Subject::step_opened},
                                     StepProperty{"clicked", Subject::step_clicked},
                                     StepProperty{"visited", Subject::step_visited}};

std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    for (std::size_t at = 0; (at = text.find_first_not_of(" \t", at)) != text.npos;) {
        auto const end = std::min(text.find_first_of(" \t", at), text.size());
        words.push_back(text.substr(at, end - at));
        at = end;
    }
    return words;
}

Error wrong(std::string_view text, std::string const& what) {
    return error(Errc::invalid, "condition '" + std::string(text) + "': " + what);
}

bool decimal(std::string_view text) {
    auto const point = text.find('.');
    auto const digits = [](std::string_view part) {
        return !part.empty() && part.size() <= 12 && std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
    };
    return point == text.npos ? digits(text) : digits(text.substr(0, point)) && digits(text.substr(point + 1));
}

std::string all_subjects() {
    std::string out;
    for (auto const& known : subjects) out.append(known.name).append(", ");
    return out + "<step>.sent, <step>.opened, <step>.clicked and <step>.visited";
}

/// Which kind of thing is asked about; nullopt: nothing that there is.
std::optional<Kind> set_subject(Condition& condition, std::string_view name) {
    auto const known = std::find_if(subjects.begin(), subjects.end(), [&](Known const& one) { return one.name == name; });
    if (known != subjects.end()) {
        condition.subject = known->subject;
        return known->kind;
    }
    auto const dot = name.rfind('.');
    if (dot == name.npos || dot == 0) return std::nullopt;
    auto const property = name.substr(dot + 1);
    auto const found = std::find_if(step_properties.begin(), step_properties.end(),
                                    [&](StepProperty const& one) { return one.name == property; });
    if (found == step_properties.end()) return std::nullopt;
    condition.subject = found->subject;
    condition.step = name.substr(0, dot);
    return Kind::flag;
}

Result<Condition> within(std::string_view text, Condition condition, std::string_view written) {
    auto range = parse_range(written);
    if (!range) return wrong(text, range.error().message);
    condition.comparison = Comparison::within;
    std::tie(condition.value, condition.below) = std::move(*range);
    return condition;
}

}  // namespace

Result<std::pair<std::string, std::string>> parse_range(std::string_view text) {
    auto const dots = text.find("..");
    auto const hint = "a range is written 50..200, ..50 or 200.. and ends above where it begins";
    if (dots == text.npos) return error(Errc::invalid, hint);
    auto const from = text.substr(0, dots), below = text.substr(dots + 2);
    bool const numbers = (from.empty() || decimal(from)) && (below.empty() || decimal(below)) && !(from.empty() && below.empty());
    bool const grows = !numbers || from.empty() || below.empty() || std::stod(std::string(from)) < std::stod(std::string(below));
    if (!numbers || !grows) return error(Errc::invalid, hint);
    return std::pair(std::string(from), std::string(below));
}

Result<Condition> parse_condition(std::string_view text) {
    auto words = words_of(text);
    Condition condition;
    if (!words.empty() && words.front() == "not") {
        condition.negated = true;
        words.erase(words.begin());
    }
    if (words.empty()) return wrong(text, "is empty; there are " + all_subjects());
    auto const kind = set_subject(condition, words[0]);
    if (!kind) return wrong(text, "asks about '" + std::string(words[0]) + "'; there are " + all_subjects());
    if (*kind == Kind::flag) {
        if (words.size() != 1) return wrong(text, "is true or not; write only '" + std::string(words[0]) + "'");
        return condition;
    }
    if (words.size() != 3) return wrong(text, "is written '" + std::string(words[0]) + " = value', with spaces");
    if (*kind == Kind::number && words[1] == "in") return within(text, std::move(condition), words[2]);
    auto const sign = std::find_if(signs.begin(), signs.end(), [&](Sign const& one) { return one.text == words[1]; });
    bool const equality = sign != signs.end() && (sign->comparison == Comparison::equal || sign->comparison == Comparison::unequal);
    if (sign == signs.end() || (*kind == Kind::word && !equality))
        return wrong(text, *kind == Kind::word ? "words are compared with = or !=" : "numbers are compared with = != < <= > >= or in");
    if (*kind == Kind::number && !decimal(words[2])) return wrong(text, "'" + std::string(words[2]) + "' is no number such as 50 or 49.90");
    condition.comparison = sign->comparison;
    condition.value = words[2];
    return condition;
}

}  // namespace recoup::core
