#pragma once
// Group commit of the spool: one thread, one write and one sync for all that wait.

#include "adapter/spool/store.hpp"
#include "adapter/spool/waiting.hpp"

#include <condition_variable>
#include <functional>
#include <thread>

namespace recoup::spool {

/// Thread-safe.
class Writer {
public:
    /// Called before the appends of a durable batch are answered; `stops`: one of them carries stops.
    using BeforeAnswers = std::function<void(bool stops)>;

    Writer(Store& store, Clock const& clock, BeforeAnswers before_answers);
    ~Writer() { stop(); }

    /// In the order of the calls. Errc::overloaded: too much waits already.
    Result<void> push(WaitingAppend append);
    /// Nothing waits and nothing is being written.
    bool idle() const;
    /// Records that wait.
    std::size_t queued() const;
    /// The last batch was refused, seconds ago: the disk or the spool is full, or the disk failed. Older news say nothing:
    /// perhaps nobody has tried since.
    bool refusing() const;
    /// Events find their way without the spool again.
    void forget_refusal() { refused_at_ = 0; }
    /// Writes what waits, then ends. Idempotent.
    void stop();

private:
    void write_until_stopped();
    std::vector<WaitingAppend> take();
    void write(std::vector<WaitingAppend> const& appends);

    Store& store_;
    Clock const& clock_;
    BeforeAnswers const before_answers_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<WaitingAppend> waiting_;
    std::size_t records_ = 0, bytes_ = 0;
    bool busy_ = false, stopping_ = false;
    std::atomic<std::int64_t> refused_at_{0};   // ticks; 0 = never
    std::thread thread_;  // the last member: it uses all others
};

}  // namespace recoup::spool
