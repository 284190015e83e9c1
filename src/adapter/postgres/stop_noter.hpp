#pragma once
// Stops of a log that is not in this database: noted between the moment a record is durable and its sender's 2xx, so
// that a claim either sees the note or has committed before the sender hears.

#include "adapter/postgres/connection.hpp"

#include "recoup/port/event_log.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace recoup::postgres {

/// One thread; what waits is noted in one transaction. Thread-safe.
class StopNoter {
public:
    StopNoter(ConnectionOptions options, std::string log_name);
    ~StopNoter() { close(); }

    /// `done` is called once, on this thread, also when the note could not be made: the records are durable all the
    /// same, and what remains is a race of milliseconds with a claim.
    void note(std::vector<NotedStops> places, std::function<void()> done);
    /// Waits for what was given so far; later calls are answered at once. Idempotent.
    void close();

private:
    struct Waiting {
        std::vector<NotedStops> places;
        std::function<void()> done;
    };
    void run_until_closed();
    void write(std::deque<Waiting> const& batch);

    Connection connection_;
    std::string const log_name_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Waiting> waiting_;
    bool closed_ = false;
    std::once_flag closing_;
    std::thread thread_;   // the last member: it uses all others
};

}  // namespace recoup::postgres
