#include "core/law/open_hours.hpp"

#include "core/law/local_time.hpp"

#include <algorithm>
#include <map>

namespace recoup::core {
namespace {

constexpr std::array<std::string_view, 7> day_names{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr char how_days_are_named[] = "days are mon, tue, wed, thu, fri, sat and sun, not '";

int minute_of(std::string_view text) {  // "HH:MM" or -1
    if (text.size() != 5 || text[2] != ':') return -1;
    for (std::size_t i : {0U, 1U, 3U, 4U})
        if (text[i] < '0' || text[i] > '9') return -1;
    int const hour = (text[0] - '0') * 10 + (text[1] - '0'), minute = (text[3] - '0') * 10 + (text[4] - '0');
    return hour > 24 || minute > 59 || hour * 60 + minute > 1440 ? -1 : hour * 60 + minute;
}

std::optional<Span> span_of(std::string_view text) {
    auto const dash = text.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    Span const span{minute_of(text.substr(0, dash)), minute_of(text.substr(dash + 1))};
    if (span.from < 0 || span.until < 0) return std::nullopt;
    return span;
}

/// One that ends before it begins goes over midnight: its later half belongs to the next day.
DayHours day_of(Span span) {
    if (span.from < span.until) return {{span, Span{}}};
    DayHours day;
    std::size_t count = 0;
    if (span.until > 0) day.spans[count++] = {0, span.until};
    if (span.from < 1440) day.spans[count] = {span.from, 1440};
    return day;
}

std::optional<std::size_t> index_of(std::string_view day) {
    auto const* const it = std::find(day_names.begin(), day_names.end(), day);
    return it == day_names.end() ? std::nullopt : std::optional(static_cast<std::size_t>(it - day_names.begin()));
}

/// Wall clocks of the zones that are asked, each looked up once.
class Clocks {
public:
    LocalTime& at(std::string const& zone) {
        for (auto& [name, local] : clocks_)
            if (*name == zone) return local;
        return clocks_.emplace_back(&zone, LocalTime(zone)).second;
    }

private:
    std::vector<std::pair<std::string const*, LocalTime>> clocks_;
};

/// `at` when the hours are open then, else the next moment at which they may be.
Instant next_of(OpenHours const& hours, LocalTime& local, Instant at) {
    auto const minute = local.minute(at);
    auto const& day = hours.on(local.day(at));
    return day.holds(minute) ? at : local.in_minutes(at, day.next(minute) - minute);
}

}  // namespace

bool DayHours::holds(int minute) const {
    return std::any_of(spans.begin(), spans.end(), [&](Span const& span) { return minute >= span.from && minute < span.until; });
}

int DayHours::next(int minute) const {
    for (auto const& span : spans)
        if (span.from > minute && span.from < span.until) return span.from;
    return 1440;
}

DayHours const& OpenHours::on(std::int64_t day) const {
    if (holiday && std::binary_search(holidays.begin(), holidays.end(), day)) return *holiday;
    return days[static_cast<std::size_t>(((day + 3) % 7 + 7) % 7)];   // 1970-01-01 was a Thursday
}

bool OpenHours::always() const {
    auto const whole = [](DayHours const& day) { return day == open_all_day; };
    return std::all_of(days.begin(), days.end(), whole) && (!holiday || holidays.empty() || whole(*holiday));
}

Result<OpenHours> parse_quiet_hours(std::string_view text) {
    OpenHours hours;
    if (text.empty()) return hours;
    auto const quiet = span_of(text);
    if (!quiet)
        return error(Errc::invalid, "quiet hours are written \"21:00-08:00\" (local time of the recipient), or left empty");
    if (quiet->from == quiet->until) return hours;
    // What is quiet from 21 to 8 is open from 8 to 21.
    hours.days.fill(day_of({quiet->until % 1440, quiet->from % 1440}));
    return hours;
}

Result<OpenHours> parse_send_window(std::string_view hours, std::vector<std::string> const& days) {
    auto const span = hours.empty() ? Span{0, 1440} : span_of(hours).value_or(Span{});
    if (span.from == span.until)
        return error(Errc::invalid, "window is written \"09:00-20:00\" (local time of the recipient), or left out");
    OpenHours window;
    window.days.fill(day_of({span.from % 1440, span.until}));
    if (days.empty()) return window;
    auto const open = std::exchange(window.days, {});
    for (auto const& day : days) {
        auto const index = index_of(day);
        if (!index) return error(Errc::invalid, how_days_are_named + day + "'");
        window.days[*index] = open[*index];
    }
    return window;
}

Result<DayHours> parse_day_hours(std::string_view text) {
    if (text == "none") return DayHours{};
    auto const span = span_of(text);
    if (!span || span->from >= span->until) return error(Errc::invalid, "hours of a day are written \"09:00-20:00\" or \"none\"");
    return day_of(*span);
}

Result<OpenHours> parse_week(std::vector<std::string> const& entries) {
    OpenHours week;
    week.days.fill(DayHours{});
    for (std::string_view const entry : entries) {
        auto const space = entry.find(' ');
        auto const days = entry.substr(0, space);
        auto const hours = parse_day_hours(space == std::string_view::npos ? std::string_view{} : entry.substr(space + 1));
        if (!hours) return error(Errc::invalid, "allowed hours are written \"mon-sat 09:00-21:00\" or \"sun none\"");
        auto const dash = days.find('-');
        auto const first = index_of(days.substr(0, dash));
        auto const last = dash == std::string_view::npos ? first : index_of(days.substr(dash + 1));
        if (!first || !last || *last < *first) return error(Errc::invalid, how_days_are_named + std::string(days) + "'");
        std::fill(week.days.begin() + static_cast<std::ptrdiff_t>(*first), week.days.begin() + static_cast<std::ptrdiff_t>(*last) + 1, *hours);
    }
    return week;
}

bool is_open(Instant at, std::span<HoursIn const> all) {
    Clocks clocks;
    return std::all_of(all.begin(), all.end(), [&](HoursIn const& one) {
        auto& local = clocks.at(*one.zone);
        return one.hours->on(local.day(at)).holds(local.minute(at));
    });
}

std::optional<Instant> next_open(Instant at, Instant latest, std::span<HoursIn const> all) {
    Clocks clocks;
    // Each pass asks everybody; who is closed moves the moment on, never past one at which it is open.
    for (auto moment = at; moment <= latest;) {
        auto const before = moment;
        for (auto const& one : all) moment = next_of(*one.hours, clocks.at(*one.zone), moment);
        if (moment == before) return moment;
    }
    return std::nullopt;
}

}  // namespace recoup::core
