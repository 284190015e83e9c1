#pragma once
// Keeps the board as it should be, on a thread of its own: the board may hang, answers must not.

#include "recoup/base/clock.hpp"
#include "recoup/port/detour_board.hpp"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

namespace recoup::spool {

/// Thread-safe. Without a board everything is done at once.
class Raiser {
public:
    /// Takes down what an earlier process left when raise() is not called first. `board` may be null.
    Raiser(DetourBoard* board, std::string instance, Clock const& clock, Millis patience);
    ~Raiser() { stop(); }

    void raise() { want(true); }
    void lower() { want(false); }
    /// Until the board was raised or did not answer, at most `patience` after raise().
    void settle();
    /// After one more try when the board is not as it should be. Idempotent.
    void stop();

private:
    void want(bool up);
    void work_until_stopped();
    bool show(bool up);

    DetourBoard* const board_;
    std::string const instance_;
    Clock const& clock_;
    Millis const patience_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool wanted_ = false, settled_ = true, stopping_ = false;
    std::optional<bool> shown_;
    std::chrono::nanoseconds raised_at_{0};
    std::thread thread_;  // the last member: it uses all others
};

}  // namespace recoup::spool
