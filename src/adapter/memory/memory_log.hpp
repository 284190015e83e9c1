#pragma once
// The event log in memory, for tests and simulations: the same contract, nothing survives the process.

#include "recoup/port/event_log.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>

namespace recoup::memory {

/// What a broker would hold. Thread-safe; outlives logs and readers.
class LogStorage {
public:
    explicit LogStorage(int partitions = 3);

    void append(std::vector<LogRecord> records);
    /// Appends to `out` up to `max` in total, from `from` on.
    void read(int partition, std::int64_t from, std::size_t max, std::vector<ReadRecord>& out) const;
    LogPositions end() const;
    /// Returns when the end is past `seen` or after `limit`.
    void wait_past(LogPositions const& seen, Millis limit) const;

private:
    LogPositions end_locked() const;

    mutable std::mutex mutex_;
    mutable std::condition_variable grew_;
    std::vector<std::vector<LogRecord>> partitions_;
};

/// Durable at once: `done` is called inside append(), on the caller's thread, so that one thread can be the whole world.
class MemoryLog final : public EventLog {
public:
    explicit MemoryLog(LogStorage& storage) : storage_(storage) {}

    void append(std::vector<LogRecord> records, Done done) override;
    void close() override;

private:
    LogStorage& storage_;
    std::mutex mutex_;
    bool closed_ = false;
};

class MemoryLogReader final : public LogReader {
public:
    MemoryLogReader(LogStorage& storage, StoredPosition stored) : storage_(storage), stored_(std::move(stored)) {}

    Result<std::vector<ReadRecord>> poll(std::size_t max, Millis wait) override;
    void rewind() override { positions_.clear(); }
    Result<LogPositions> end() override { return storage_.end(); }

private:
    Result<void> position();

    LogStorage& storage_;
    StoredPosition const stored_;
    LogPositions positions_;   // empty = ask the stored positions first
};

}  // namespace recoup::memory
