#pragma once
// What the event log's contract suite needs of an adapter: fresh storage that outlives its logs and readers.

#include "recoup/port/event_log.hpp"

#include <memory>

namespace recoup::test {

class EventLogWorld {
public:
    virtual ~EventLogWorld() = default;
    virtual std::unique_ptr<EventLog> open_log() = 0;
    virtual std::unique_ptr<LogReader> open_reader(LogReader::StoredPosition stored) = 0;
};

std::unique_ptr<EventLogWorld> memory_event_log();
std::unique_ptr<EventLogWorld> spooled_event_log();
std::unique_ptr<EventLogWorld> postgres_event_log();
std::unique_ptr<EventLogWorld> kafka_event_log();

}  // namespace recoup::test
