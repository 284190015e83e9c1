#pragma once
// The event log: append-only, durable, partitioned. Two real adapters, Postgres and Kafka, and a memory one for tests;
// one contract suite runs on all three. Order is kept within a key only.

#include "recoup/base/result.hpp"
#include "recoup/base/time.hpp"

#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace recoup {

struct LogRecord {
    std::string key;      // Event::log_key
    std::string value;    // encoded event
    std::vector<std::int64_t> stops = {};   // key hashes under which it may forbid a message that is about to leave; a
                                            // log that shares a database with the schedule store lets no claim overtake it
};

/// Where a record with stops became durable, for a log that shares no transaction with the schedule store.
struct NotedStops {
    int partition = 0;
    std::int64_t end_offset = 0;            // behind the record
    std::vector<std::int64_t> hashes;
};

/// Next offset to read, by partition. Absent = from the oldest retained record.
using LogPositions = std::map<int, std::int64_t>;

struct ReadRecord {
    int partition = 0;
    std::int64_t offset = 0;
    std::string key;
    std::string value;
    bool damaged = false;   // could not be read from the log; the first of such a stretch holds the bytes there are
};

/// Producer side. Thread-safe.
class EventLog {
public:
    using Done = std::function<void(Result<void>)>;

    virtual ~EventLog() = default;
    /// All of `records` or none count as appended. `done` is called exactly once, on the log's own thread or (when
    /// refused at once, Errc::overloaded) on the caller's, and only after every record is durable: after COMMIT
    /// (Postgres) or acks=all (Kafka). Errc::unavailable: nothing may be assumed; the sender must send again.
    /// `done` must not block.
    virtual void append(std::vector<LogRecord> records, Done done) = 0;
    /// Waits for everything accepted so far, then refuses further appends with Errc::overloaded. Idempotent.
    virtual void close() = 0;
};

/// Consumer side. One thread.
class LogReader {
public:
    /// Where to resume: asked for a partition when it is assigned. The tracker answers from Postgres.
    using StoredPosition = std::function<Result<std::int64_t>(int partition)>;   // -1 = none stored

    virtual ~LogReader() = default;
    /// Up to `max` records, in offset order within each partition; empty after `wait` without any.
    virtual Result<std::vector<ReadRecord>> poll(std::size_t max, Millis wait) = 0;
    /// Forgets what was read but not stored: the next poll starts from the stored positions.
    virtual void rewind() = 0;
    /// The position after the last durable record of every partition, now. Thread-safe (used as a barrier).
    virtual Result<LogPositions> end() = 0;
    /// Grows whenever records with stops are acknowledged before they are on the log. A decision made on what end() said
    /// holds only while this is as it was before end() was asked. Thread-safe.
    virtual std::uint64_t detours() const { return 0; }
};

}  // namespace recoup
