#pragma once
// Wall time in a zone, for many moments close to one another: the offset is looked up again only when it may have changed.

#include "recoup/base/time.hpp"

#include <date/tz.h>

#include <algorithm>
#include <string>

namespace recoup::core {

class LocalTime {
public:
    /// Throws std::runtime_error for a name that the tz database does not have.
    explicit LocalTime(std::string const& zone) : zone_(date::locate_zone(zone)) {}

    /// 0 to 1439.
    int minute(Instant at) { return static_cast<int>(minutes(at) - day(at) * 1440); }
    /// Days since 1970-01-01.
    std::int64_t day(Instant at) {
        auto const total = minutes(at);
        return (total >= 0 ? total : total - 1439) / 1440;
    }
    /// 0 = Monday.
    unsigned weekday(Instant at) { return static_cast<unsigned>(((day(at) + 3) % 7 + 7) % 7); }   // 1970-01-01 was a Thursday

    /// When the clock there shows so many minutes more than now, on the minute, or is changed before that.
    Instant in_minutes(Instant at, int count) {
        auto const shown = minutes(at) + count;
        auto const then = Instant{Millis{std::chrono::minutes{shown}} - Millis{info_.offset}};
        return std::min(then, Instant{Millis{info_.end.time_since_epoch()}});
    }

private:
    std::int64_t minutes(Instant at) {
        if (at < info_.begin || at >= info_.end) info_ = zone_->get_info(at);
        return std::chrono::floor<std::chrono::minutes>(at + info_.offset).time_since_epoch().count();
    }

    date::time_zone const* zone_;
    date::sys_info info_{};
};

}  // namespace recoup::core
