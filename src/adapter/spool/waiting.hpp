#pragma once
// One append until it is answered.

#include "recoup/port/event_log.hpp"

#include <atomic>
#include <chrono>
#include <memory>

namespace recoup::spool {

enum class Place : unsigned char { direct, held, spool };

/// The log, the spool and the watch may all answer; the first one counts.
struct Waiting {
    std::vector<LogRecord> records;
    EventLog::Done done;
    std::chrono::nanoseconds since{};
    std::size_t bytes = 0;
    bool stops = false;                       // one of the records may forbid a message
    Place place = Place::direct;              // under the mutex of the log
    std::atomic<bool> refused{false};         // by the log, for now
    std::atomic<bool> answered{false};

    void answer(Result<void> const& result) {
        if (!answered.exchange(true)) done(result);
    }
};

using WaitingAppend = std::shared_ptr<Waiting>;

}  // namespace recoup::spool
