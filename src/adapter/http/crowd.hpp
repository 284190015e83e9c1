#pragma once
// Crowd: whether an I/O thread is asked by more connections than it serves well. Of a connection that waited behind a
// thousand others nothing is left in the processor's caches, so each of its requests costs a quarter more than among two
// hundred. A thread that never gets done therefore serves some connections at a time, turn by turn, while the others wait for theirs; one
// that had nothing to do a moment ago lets nobody wait, however many come at once.

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace recoup::http {

class Crowd {
public:
    using Time = std::chrono::steady_clock::time_point;

    /// `most` connections a turn when it was not done for so long as `after`, until it is done often again.
    Crowd(std::size_t most, std::chrono::nanoseconds after) : most_(most), after_(after) {}

    /// The thread has nothing left to do.
    void done(Time now) {
        done_at_ = now;
        ++pauses_;
    }
    /// A connection asks for something: whether it is not its turn. `served_in` is the last turn in which it was served; it starts as 0.
    bool too_many(Time now, std::int64_t& served_in) {
        if (auto const turn = turn_of(now); turn != turn_) begin(turn);
        ++asked_;
        if (now - done_at_ > after_) behind_ = true;
        if (served_in == turn_) return false;
        if (behind_ && served_ >= most_) return true;
        served_in = turn_;
        ++served_;
        return false;
    }

    /// When the turn of `now` is over.
    static Time next_turn(Time now) { return Time{length * turn_of(now)}; }

private:
    static std::int64_t turn_of(Time now) { return now.time_since_epoch() / length + 1; }

    static constexpr std::chrono::milliseconds length{50};    // of a turn
    static constexpr std::size_t busy = 10;                   // asked between two pauses: nine tenths of its time (M/D/1: 1 / (1 - load))

    /// Those that are served wait for the same commits, so a thread that is behind has a pause now and then.
    void begin(std::int64_t turn) {
        if (asked_ < busy * pauses_) behind_ = false;
        turn_ = turn;
        asked_ = pauses_ = served_ = 0;
    }

    std::size_t most_;
    std::chrono::nanoseconds after_;
    Time done_at_{};
    bool behind_ = false;
    std::int64_t turn_ = 0;
    std::size_t asked_ = 0, pauses_ = 0, served_ = 0;   // requests, pauses and connections of this turn
};

}  // namespace recoup::http
