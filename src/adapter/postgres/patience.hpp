#pragma once
// Whoever waits hears something in time: what has not been answered after `patience` is answered by a thread of its own,
// and the answer that comes later is dropped.

#include "recoup/base/result.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace recoup::postgres {

class Patience {
public:
    Patience(std::chrono::milliseconds patience, Error late);
    ~Patience();

    /// Calls `done` once: with what the returned function is given, or with `late`. After the end only the former.
    template <class T>
    std::function<void(Result<T>)> bounded(std::function<void(Result<T>)> done) {
        auto answered = std::make_shared<std::atomic_flag>();
        auto once = [answered, done = std::move(done)](Result<T> result) {
            if (!answered->test_and_set()) done(std::move(result));
        };
        watch({Clock::now() + patience_, answered, [once, late = late_] { once(late); }});
        return once;
    }

private:
    using Clock = std::chrono::steady_clock;
    struct Waiting {
        Clock::time_point until;
        std::shared_ptr<std::atomic_flag> answered;
        std::function<void()> give_up;
    };

    void watch(Waiting one);
    void run();

    std::chrono::milliseconds const patience_;
    Error const late_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Waiting> waiting_;   // in the order of their deadlines
    bool ended_ = false;
    std::thread thread_;   // the last member: it uses all others
};

}  // namespace recoup::postgres
