#pragma once
// Loop: a named thread that is always the same few lines. Until stopping, run once; back off on error; sleep until the
// next due time or a wake.

#include "recoup/base/result.hpp"
#include "recoup/base/time.hpp"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace recoup::app {

class Loop {
public:
    /// One turn; returns how long to sleep before the next (0 = go on at once).
    using Turn = std::function<Result<Millis>()>;

    Loop(std::string name, Turn turn);
    ~Loop() { stop(); }

    void start();
    /// Waits for the turn in progress. Legal without start and twice.
    void stop();
    /// Ends a sleep early. Thread-safe.
    void wake();

private:
    void run();

    std::string name_;
    Turn turn_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false, woken_ = false;
    std::thread thread_;
};

}  // namespace recoup::app
