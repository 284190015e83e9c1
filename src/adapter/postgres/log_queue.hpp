#pragma once
// What gathers for the next group commits, bounded, in the form in which it is stored.

#include "recoup/port/event_log.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>

namespace recoup::postgres {

/// Thread-safe. Whoever appends writes into the group that gathers, so that its records are freed where they were made, and what
/// the writer is handed is one piece of memory; that of a group that was committed serves again.
class LogQueue {
public:
    struct Group {
        std::string plain;                        // its records, see log_payload
        std::size_t records = 0, bytes = 0;
        std::vector<std::int64_t> stops;
        std::vector<EventLog::Done> done;         // of each append
    };
    struct Bounds {
        std::size_t records, bytes;
    };

    LogQueue(Bounds all, Bounds group) : all_(all), of_group_(group) {}

    /// Errc::too_large: more than the queue could ever hold; Errc::overloaded: full now or closed. `done` is left as it
    /// was when refused. An append is in one group, which may be larger than the bounds of a group for its sake.
    Result<void> push(std::vector<LogRecord> const& records, EventLog::Done& done);
    /// Waits for a group; one without records = closed and drained. `used` was committed.
    Group take(Group used);
    void close();

private:
    Group& gathering(std::size_t records, std::size_t bytes);

    Bounds const all_, of_group_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Group> groups_;   // the last gathers
    Group spare_;
    std::size_t records_ = 0, bytes_ = 0;
    bool closed_ = false;
};

}  // namespace recoup::postgres
