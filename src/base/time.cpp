#include "recoup/base/time.hpp"

#include <array>
#include <charconv>
#include <cstdio>

namespace recoup {
namespace {

/// Reads exactly `count` digits at `at`; -1 when they are not there.
int digits(std::string_view text, std::size_t at, std::size_t count) {
    if (at + count > text.size()) return -1;
    int value = 0;
    for (std::size_t i = at; i < at + count; ++i) {
        if (text[i] < '0' || text[i] > '9') return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

/// ".123456" -> 123 and the position behind it.
int fraction_ms(std::string_view text, std::size_t& at) {
    if (at >= text.size() || text[at] != '.') return 0;
    int value = 0, seen = 0;
    for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, ++seen)
        if (seen < 3) value = value * 10 + (text[at] - '0');
    if (seen == 0) return -1;
    for (; seen < 3; ++seen) value *= 10;
    return value;
}

/// "Z" or "+hh:mm" or "+hhmm" as minutes east; nothing else may follow.
bool offset_minutes(std::string_view rest, int& minutes) {
    if (rest == "Z" || rest == "z") {
        minutes = 0;
        return true;
    }
    if (rest.size() != 6 && rest.size() != 5) return false;
    if (rest[0] != '+' && rest[0] != '-') return false;
    bool const colon = rest.size() == 6;
    if (colon && rest[3] != ':') return false;
    int const hours = digits(rest, 1, 2), mins = digits(rest, colon ? 4 : 3, 2);
    if (hours < 0 || hours > 23 || mins < 0 || mins > 59) return false;
    minutes = (rest[0] == '-' ? -1 : 1) * (hours * 60 + mins);
    return true;
}

struct Unit {
    std::string_view suffix;
    std::int64_t ms;
};
constexpr std::array<Unit, 5> units{{{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};

}  // namespace

std::string to_rfc3339(Instant at) {
    using namespace std::chrono;
    auto const day = floor<days>(at);
    year_month_day const date{day};
    hh_mm_ss const time{at - day};
    std::array<char, 40> out{};
    auto const ms = static_cast<int>(time.subseconds().count());
    auto const y = static_cast<int>(date.year());
    auto const mo = static_cast<unsigned>(date.month()), d = static_cast<unsigned>(date.day());
    auto const h = static_cast<int>(time.hours().count()), mi = static_cast<int>(time.minutes().count());
    auto const s = static_cast<int>(time.seconds().count());
    int const n = ms == 0 ? std::snprintf(out.data(), out.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ", y, mo, d, h, mi, s)
                          : std::snprintf(out.data(), out.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", y, mo, d, h,
                                          mi, s, ms);
    return {out.data(), static_cast<std::size_t>(n)};
}

Result<Instant> parse_rfc3339(std::string_view text) {
    using namespace std::chrono;
    auto const bad = [] { return error(Errc::invalid, "not an RFC 3339 time, write 2026-11-20T10:05:00Z"); };
    if (text.size() < 20 || text.size() > 40) return bad();
    int const y = digits(text, 0, 4), mo = digits(text, 5, 2), d = digits(text, 8, 2);
    int const h = digits(text, 11, 2), mi = digits(text, 14, 2), s = digits(text, 17, 2);
    if (text[4] != '-' || text[7] != '-' || text[13] != ':' || text[16] != ':') return bad();
    if (text[10] != 'T' && text[10] != 't' && text[10] != ' ') return bad();
    if (y < 1970 || h < 0 || h > 23 || mi < 0 || mi > 59 || s < 0 || s > 60) return bad();
    year_month_day const date{year{y}, month{static_cast<unsigned>(mo)}, day{static_cast<unsigned>(d)}};
    if (mo < 1 || d < 1 || !date.ok()) return bad();
    std::size_t at = 19;
    int const ms = fraction_ms(text, at);
    int east = 0;
    if (ms < 0 || !offset_minutes(text.substr(at), east)) return bad();
    auto const instant = sys_days{date} + hours{h} + minutes{mi - east} + seconds{s} + milliseconds{ms};
    // An offset may lead out of 1970 to 9999: below is `never`, above is no RFC 3339 any more.
    if (instant < sys_days{} || instant >= sys_days{year{10000} / 1 / 1}) return bad();
    return Instant{duration_cast<Millis>(instant.time_since_epoch())};
}

Result<Millis> parse_duration(std::string_view text) {
    auto const bad = [] { return error(Errc::invalid, "not a duration, write a number and ms, s, m, h or d: \"90s\""); };
    std::int64_t count = 0;
    auto const [rest, failure] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (failure != std::errc{} || count < 0) return bad();
    std::string_view const suffix{rest, static_cast<std::size_t>(text.data() + text.size() - rest)};
    for (auto const& unit : units) {
        if (suffix != unit.suffix) continue;
        if (count > 400LL * 86'400'000 / unit.ms) return error(Errc::invalid, "a duration may be at most 400d");
        return Millis{count * unit.ms};
    }
    return bad();
}

std::string to_duration_text(Millis duration) {
    for (auto unit = units.rbegin(); unit != units.rend(); ++unit)
        if (duration.count() != 0 && duration.count() % unit->ms == 0)
            return std::to_string(duration.count() / unit->ms) + std::string(unit->suffix);
    return "0s";
}

}  // namespace recoup
