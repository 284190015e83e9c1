#include "core/law/calendar.hpp"

#include <date/date.h>

#include <array>
#include <charconv>
#include <optional>

namespace recoup::core {
namespace {

constexpr int first_year = 2020, last_year = 2099;
constexpr std::array<std::string_view, 7> holiday_weekdays{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
constexpr std::array<std::string_view, 12> holiday_months{"jan", "feb", "mar", "apr", "may", "jun",
                                                  "jul", "aug", "sep", "oct", "nov", "dec"};

std::int32_t number_of(date::sys_days day) { return static_cast<std::int32_t>(day.time_since_epoch().count()); }

std::optional<int> whole_number(std::string_view text) {
    int value = 0;
    auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    return failed == std::errc{} && end == text.data() + text.size() && !text.empty() ? std::optional(value) : std::nullopt;
}

template <std::size_t N>
std::optional<unsigned> index_in(std::array<std::string_view, N> const& names, std::string_view text) {
    for (unsigned i = 0; i < N; ++i)
        if (names[i] == text) return i;
    return std::nullopt;
}

template <class Day>   // the day of a year
std::vector<std::int32_t> in_every_year(Day day) {
    std::vector<std::int32_t> days;
    for (int year = first_year; year <= last_year; ++year) days.push_back(day(year));
    return days;
}

std::vector<std::int32_t> date_in_year(std::string_view text) {   // "MM-DD" or "YYYY-MM-DD"
    auto const date_of = [](int year, std::string_view rest) -> std::optional<date::year_month_day> {
        auto const month = whole_number(rest.substr(0, 2)), day = whole_number(rest.substr(3));
        if (!month || !day || *month < 1 || *day < 1) return std::nullopt;
        date::year_month_day const date{date::year{year}, date::month{static_cast<unsigned>(*month)}, date::day{static_cast<unsigned>(*day)}};
        return date.ok() ? std::optional(date) : std::nullopt;
    };
    if (text.size() == 5 && text[2] == '-' && date_of(2023, text))   // no 29 February: it is not there every year
        return in_every_year([&](int year) { return number_of(*date_of(year, text)); });
    if (text.size() == 10 && text[4] == '-' && text[7] == '-')
        if (auto const year = whole_number(text.substr(0, 4)); year)
            if (auto const date = date_of(*year, text.substr(5)); date) return {number_of(*date)};
    return {};
}

std::vector<std::int32_t> nth_weekday(std::string_view text) {   // "mon#3 jan"
    auto const hash = text.find('#'), space = text.find(' ');
    if (hash == std::string_view::npos || space == std::string_view::npos || space < hash) return {};
    auto const weekday = index_in(holiday_weekdays, text.substr(0, hash));
    auto const nth = whole_number(text.substr(hash + 1, space - hash - 1));
    auto const month = index_in(holiday_months, text.substr(space + 1));
    if (!weekday || !nth || !month || *nth == 0 || *nth > 4 || *nth < -1) return {};
    date::weekday const day{*weekday};
    return in_every_year([&](int year) {
        auto const in = date::year{year} / date::month{*month + 1};
        return number_of(*nth < 0 ? date::sys_days{in / day[date::last]} : date::sys_days{in / day[static_cast<unsigned>(*nth)]});
    });
}

}  // namespace

std::int32_t easter_sunday(int year) {
    int const a = year % 19, b = year / 100, c = year % 100, d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
    int const h = (19 * a + b - d - g + 15) % 30, i = c / 4, k = c % 4, l = (32 + 2 * e + 2 * i - h - k) % 7;
    int const m = (a + 11 * h + 22 * l) / 451, month = (h + l - 7 * m + 114) / 31, day = (h + l - 7 * m + 114) % 31 + 1;
    return number_of(date::sys_days{date::year{year} / date::month{static_cast<unsigned>(month)} / date::day{static_cast<unsigned>(day)}});
}

Result<std::vector<std::int32_t>> days_of_holiday(std::string_view rule) {
    std::vector<std::int32_t> days;
    if (rule.starts_with("easter")) {
        auto const signed_part = rule.substr(6);
        auto const offset = signed_part.empty() ? std::optional(0) : whole_number(signed_part.substr(signed_part.starts_with('+') ? 1 : 0));
        if (offset && *offset > -100 && *offset < 100) days = in_every_year([&](int year) { return easter_sunday(year) + *offset; });
    } else {
        days = rule.find('#') == std::string_view::npos ? date_in_year(rule) : nth_weekday(rule);
    }
    if (days.empty())
        return error(Errc::invalid, "a holiday is written \"12-25\", \"easter+1\", \"mon#3 jan\", \"mon#-1 may\" or \"2026-04-06\"");
    return days;
}

}  // namespace recoup::core
