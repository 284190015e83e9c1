#pragma once
// What waits for the next group commit: bounded in records and bytes, taken in batches.

#include "recoup/port/event_log.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>

namespace recoup::postgres {

/// Thread-safe.
class LogQueue {
public:
    struct Append {
        std::vector<LogRecord> records;
        EventLog::Done done;
        std::size_t bytes = 0;
    };

    LogQueue(std::size_t max_records, std::size_t max_bytes) : max_records_(max_records), max_bytes_(max_bytes) {}

    /// Errc::too_large: more than the queue could ever hold; Errc::overloaded: full now or closed. The append is left
    /// as it was when refused.
    Result<void> push(Append& append);
    /// Waits for appends and takes whole ones until a bound is reached, at least one; empty = closed and drained.
    std::vector<Append> take(std::size_t records, std::size_t bytes);
    void close();

private:
    std::size_t const max_records_, max_bytes_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Append> waiting_;
    std::size_t records_ = 0, bytes_ = 0;
    bool closed_ = false;
};

}  // namespace recoup::postgres
