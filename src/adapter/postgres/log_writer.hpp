#pragma once
// The event log in Postgres, producer side: one thread, group commits, one compressed row a commit.

#include "adapter/postgres/connection.hpp"
#include "adapter/postgres/log_nudge.hpp"
#include "adapter/postgres/log_queue.hpp"
#include "recoup/base/clock.hpp"
#include "recoup/base/limits.hpp"

#include <thread>

namespace recoup::postgres {

/// While one commit is on its way to the disk, appends gather for the next: the busier, the larger the batches. The
/// offsets are given by the same statement that inserts the row, under the lock of log_head, so that readers see
/// commits in offset order, also with several writers in several processes.
class PostgresLog final : public EventLog {
public:
    struct Options {
        ConnectionOptions connection;
        int retention_days = 30;                                  // 0 = keep for ever
        std::size_t batch_records = 2'000;
        std::size_t batch_bytes = 4 * 1024 * 1024;
        std::size_t queue_records = limits::append_queue_records;
        std::size_t queue_bytes = limits::append_queue_bytes;
    };

    /// Connects at the first append. `clock` dates the batches; `nudge` wakes readers of this process.
    PostgresLog(Options options, Clock const& clock, Nudge& nudge);
    ~PostgresLog() override;

    void append(std::vector<LogRecord> records, Done done) override;
    void close() override;

private:
    void write_until_closed();
    struct Packed {
        int count = 0;
        std::string payload;
        std::vector<std::int64_t> const& stops;
    };

    Result<void> write(LogQueue::Group const& group);
    Result<void> write_batch(Packed const& batch, Instant now);
    Result<void> write_with_stops(Packed const& batch, Instant now);
    /// Its base offset.
    Result<std::int64_t> insert_batch(pqxx::transaction_base& tx, Packed const& batch, Instant now);
    Result<void> ensure_days(Instant now);
    void drop_old_days(Instant now);

    Options const options_;
    Clock const& clock_;
    Nudge& nudge_;
    LogQueue queue_;
    Connection connection_;
    std::int64_t ensured_day_ = -1;
    std::once_flag closing_;
    std::thread thread_;  // the last member: it uses all others
};

}  // namespace recoup::postgres
