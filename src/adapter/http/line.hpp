#pragma once
// Line: where connections stand when a crowd asks and it is not their turn, first come first served. Whoever waited for the whole
// patience leaves without a turn, and is refused. On its I/O thread only.

#include "adapter/http/crowd.hpp"
#include "adapter/http/io.hpp"

#include <cstdint>
#include <deque>

namespace recoup::http {

class Line {
public:
    Line(asio::io_context& io, Crowd& crowd, std::chrono::nanoseconds patience) : io_(io), crowd_(crowd), patience_(patience), next_(io) {}

    /// As Crowd::too_many, but those that stand here come before.
    bool too_many(Ticks::time_point now, std::int64_t& served_in);
    /// Whether its turn came.
    Task<bool> wait(std::int64_t& served_in);
    /// It is everybody's turn.
    void disband();

private:
    struct Place {
        Timer turn;   // never expires: it ends when it is cancelled
        std::int64_t& served_in;
        Ticks::time_point until;
        bool came = false;
    };

    void move_up(Ticks::time_point now);
    void look_again(Ticks::time_point now);
    void leave_first(bool came);

    asio::io_context& io_;
    Crowd& crowd_;
    std::chrono::nanoseconds patience_;
    Timer next_;
    std::deque<Place*> places_;   // of coroutines that wait
};

}  // namespace recoup::http
