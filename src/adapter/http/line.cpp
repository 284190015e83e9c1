#include "adapter/http/line.hpp"

#include <boost/asio/redirect_error.hpp>

namespace recoup::http {

bool Line::too_many(Ticks::time_point now, std::int64_t& served_in) {
    if (!places_.empty() && now >= next_.expiry()) move_up(now);   // the timer comes behind all that is ready
    return crowd_.too_many(now, served_in);
}

Task<bool> Line::wait(std::int64_t& served_in) {
    auto const now = Ticks::now();
    Place place{Timer(io_, Ticks::time_point::max()), served_in, now + patience_};
    places_.push_back(&place);
    if (places_.size() == 1) look_again(now);
    boost::system::error_code ignored;
    auto token = asio::redirect_error(use_task, ignored);
    co_await place.turn.async_wait(token);
    co_return place.came;
}

void Line::disband() {
    while (!places_.empty()) leave_first(true);
}

/// Their times end in the order in which they came.
void Line::move_up(Ticks::time_point now) {
    while (!places_.empty()) {
        auto const& first = *places_.front();
        bool const came = !crowd_.too_many(now, first.served_in);
        if (!came && now < first.until) break;
        leave_first(came);
    }
    if (!places_.empty()) look_again(now);
}

void Line::look_again(Ticks::time_point now) {
    next_.expires_at(Crowd::next_turn(now));
    next_.async_wait([this](boost::system::error_code const& stopped) {
        if (!stopped) move_up(Ticks::now());
    });
}

void Line::leave_first(bool came) {
    auto& first = *places_.front();
    first.came = came;
    first.turn.cancel();
    places_.pop_front();
}

}  // namespace recoup::http
