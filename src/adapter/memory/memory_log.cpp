#include "adapter/memory/memory_log.hpp"

#include "recoup/base/digest.hpp"

#include <algorithm>

namespace recoup::memory {

LogStorage::LogStorage(int partitions) : partitions_(static_cast<std::size_t>(partitions)) {}

void LogStorage::append(std::vector<LogRecord> records) {
    {
        std::lock_guard lock(mutex_);
        for (auto& record : records)
            partitions_[stable_hash(record.key) % partitions_.size()].push_back(std::move(record));
    }
    grew_.notify_all();
}

void LogStorage::read(int partition, std::int64_t from, std::size_t max, std::vector<ReadRecord>& out) const {
    std::lock_guard lock(mutex_);
    auto const& records = partitions_[static_cast<std::size_t>(partition)];
    for (auto offset = static_cast<std::size_t>(from); offset < records.size() && out.size() < max; ++offset) {
        auto const& record = records[offset];
        out.push_back({partition, static_cast<std::int64_t>(offset), record.key, record.value});
    }
}

LogPositions LogStorage::end_locked() const {
    LogPositions end;
    for (std::size_t i = 0; i < partitions_.size(); ++i)
        end[static_cast<int>(i)] = static_cast<std::int64_t>(partitions_[i].size());
    return end;
}

LogPositions LogStorage::end() const {
    std::lock_guard lock(mutex_);
    return end_locked();
}

void LogStorage::wait_past(LogPositions const& seen, Millis limit) const {
    std::unique_lock lock(mutex_);
    grew_.wait_for(lock, limit, [&] { return end_locked() != seen; });
}

void MemoryLog::append(std::vector<LogRecord> records, Done done) {
    Result<void> appended;
    {
        std::lock_guard lock(mutex_);
        if (closed_) appended = error(Errc::overloaded, "the event log is closed");
        else storage_.append(std::move(records));
    }
    done(appended);
}

void MemoryLog::close() {
    std::lock_guard lock(mutex_);
    closed_ = true;
}

Result<void> MemoryLogReader::position() {
    if (!positions_.empty()) return {};
    LogPositions positions;
    for (auto const& [partition, end] : storage_.end()) {
        auto const stored = stored_(partition);
        if (!stored) return stored.error();
        positions[partition] = std::max<std::int64_t>(*stored, 0);
    }
    positions_ = std::move(positions);
    return {};
}

Result<std::vector<ReadRecord>> MemoryLogReader::poll(std::size_t max, Millis wait) {
    if (auto positioned = position(); !positioned) return positioned.error();
    std::vector<ReadRecord> records;
    for (bool const last : {false, true}) {
        for (auto& [partition, next] : positions_) {
            auto const before = records.size();
            storage_.read(partition, next, max, records);
            next += static_cast<std::int64_t>(records.size() - before);
        }
        if (last || !records.empty()) break;
        storage_.wait_past(positions_, wait);
    }
    return records;
}

}  // namespace recoup::memory
