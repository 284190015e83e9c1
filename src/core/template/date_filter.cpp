#include "core/template/date_filter.hpp"

#include "recoup/base/time.hpp"

#include <array>

namespace recoup::core::liquid {
namespace {

constexpr std::array weekdays{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
constexpr std::array months{"January", "February", "March", "April", "May", "June", "July", "August", "September",
                            "October", "November", "December"};

struct Parts {
    std::chrono::year_month_day date;
    unsigned weekday = 0;
    std::int64_t day_of_year = 0, hour = 0, minute = 0, second = 0;
};

Parts parts_of(Instant at) {
    using namespace std::chrono;
    auto const day = floor<days>(at);
    Parts parts{year_month_day(day), weekday(day).c_encoding()};
    hh_mm_ss const time(floor<seconds>(at - day));
    parts.day_of_year = (day - sys_days(parts.date.year() / January / 1)).count() + 1;
    parts.hour = time.hours().count();
    parts.minute = time.minutes().count();
    parts.second = time.seconds().count();
    return parts;
}

std::string padded(std::int64_t number, std::size_t width, char fill = '0') {
    auto text = std::to_string(number);
    return text.size() < width ? std::string(width - text.size(), fill) + text : text;
}

std::string field(Parts const& parts, char letter) {
    auto const month = static_cast<unsigned>(parts.date.month());
    auto const day = static_cast<unsigned>(parts.date.day());
    auto const year = static_cast<int>(parts.date.year());
    switch (letter) {
        case 'Y': return padded(year, 4);
        case 'y': return padded(year % 100, 2);
        case 'm': return padded(month, 2);
        case 'B': return months[month - 1];
        case 'b': return std::string(months[month - 1]).substr(0, 3);
        case 'd': return padded(day, 2);
        case 'e': return padded(day, 2, ' ');
        case 'A': return weekdays[parts.weekday];
        case 'a': return std::string(weekdays[parts.weekday]).substr(0, 3);
        case 'H': return padded(parts.hour, 2);
        case 'I': return padded(parts.hour % 12 == 0 ? 12 : parts.hour % 12, 2);
        case 'M': return padded(parts.minute, 2);
        case 'S': return padded(parts.second, 2);
        case 'p': return parts.hour < 12 ? "AM" : "PM";
        case 'j': return padded(parts.day_of_year, 3);
        case '%': return "%";
        default: return {'%', letter};
    }
}

}  // namespace

std::string format_date(Value const& date, std::string_view format) {
    constexpr std::int64_t year_10000 = 253402300800;
    Instant at{};
    if (date.is_number_integer() && date.get<std::int64_t>() >= 0 && date.get<std::int64_t>() < year_10000) {
        at = instant_from_seconds(date.get<std::int64_t>());
    } else {
        auto const parsed = parse_rfc3339(date.is_string() ? date.get_ref<std::string const&>() : std::string());
        if (!parsed) return to_text(date);
        at = *parsed;
    }
    auto const parts = parts_of(at);
    std::string out;
    for (std::size_t i = 0; i < format.size(); ++i) {
        if (format[i] == '%' && i + 1 < format.size()) out += field(parts, format[++i]);
        else out += format[i];
    }
    return out;
}

}  // namespace recoup::core::liquid
