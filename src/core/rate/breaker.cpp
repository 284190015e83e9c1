#include "core/rate/breaker.hpp"

#include <algorithm>

namespace recoup::core {

Instant Breaker::ask(Settings const& settings, Instant now) {
    if (settings.failures <= 0 || open_for_.count() == 0) return now;
    open_until_ = std::min(open_until_, now + open_for_);   // later it never is, unless the clock was set back
    if (now < open_until_) return open_until_;
    if (trial_until_ != never && now < trial_until_ && trial_until_ <= now + settings.open_for) return trial_until_;
    trial_until_ = now + settings.open_for;
    return now;
}

void Breaker::hear(Settings const& settings, Heard heard, Instant now) {
    if (settings.failures <= 0) return;
    bool const trial = open_for_.count() > 0 && now >= open_until_;
    if (heard == Heard::answer) {
        if (open_for_.count() > 0 && !trial) return;   // one that was under way when it opened
        *this = Breaker{};
        return;
    }
    ++failed_;
    if (open_for_.count() > 0 && !trial) return;
    if (!trial && failed_ < settings.failures) return;
    open_for_ = trial ? std::min(open_for_ * 2, std::max(settings.longest, settings.open_for)) : settings.open_for;
    open_until_ = now + open_for_;
    trial_until_ = never;
}

Breaker::State Breaker::state(Instant now) const {
    if (open_for_.count() == 0) return State::closed;
    return now < open_until_ ? State::open : State::half_open;
}

}  // namespace recoup::core
