#include "core/rate/gcra.hpp"

#include <algorithm>
#include <cmath>

namespace recoup::core {

Instant Gcra::ask(Rate const& rate, Instant now, bool waited) {
    if (!rate.limited()) return now;
    Millis const interval{std::max<std::int64_t>(1, std::llround(1000.0 / rate.per_second))};
    Millis const tolerance = interval * (std::max<std::int64_t>(1, std::llround(rate.burst)) - 1);
    next_ = std::min(next_, now + tolerance + interval);   // more it never is, unless the clock was set back
    auto& queue = waited ? next_ : promised_;
    promised_ = std::max(promised_, next_);
    if (queue - tolerance <= now && next_ - tolerance <= now) {
        next_ = std::max(next_, now) + interval;
        promised_ = std::max(promised_, next_);
        return now;
    }
    auto const place = std::max(now + Millis{1}, promised_ - tolerance);
    promised_ = std::max(promised_, now) + interval;
    return place;
}

}  // namespace recoup::core
