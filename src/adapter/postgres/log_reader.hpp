#pragma once
// The event log in Postgres, consumer side. It has one partition, 0.

#include "adapter/postgres/connection.hpp"
#include "adapter/postgres/log_nudge.hpp"
#include "recoup/base/clock.hpp"
#include "recoup/port/event_log.hpp"

#include <deque>
#include <optional>

namespace recoup::postgres {

/// An empty poll sleeps until the nudge of a writer in this process, else in short and growing steps.
class PostgresLogReader final : public LogReader {
public:
    /// `clock` is used for its ticks only.
    PostgresLogReader(ConnectionOptions options, StoredPosition stored, Clock const& clock, Nudge& nudge);

    Result<std::vector<ReadRecord>> poll(std::size_t max, Millis wait) override;
    void rewind() override;
    Result<LogPositions> end() override;

private:
    /// Where the scan goes on: the batch of `next_offset` begins there or later and is not older.
    struct Cursor {
        std::int64_t base_offset = 0;
        Instant appended_at{};
        std::int64_t next_offset = 0;   // of the next record to deliver; skips the first records of a batch
    };

    Result<void> locate();
    Result<void> fetch(std::size_t max);
    Result<void> fetch_some(pqxx::nontransaction& session, std::size_t& bytes);
    void skip_dropped(pqxx::nontransaction& session);
    std::vector<ReadRecord> deliver(std::size_t max);

    StoredPosition const stored_;
    Clock const& clock_;
    Nudge& nudge_;
    Connection connection_;
    std::optional<Cursor> cursor_;       // nullopt = ask the stored position first
    std::deque<ReadRecord> buffer_;
    std::mutex end_mutex_;
    Connection end_connection_;
};

}  // namespace recoup::postgres
