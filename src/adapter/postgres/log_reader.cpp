#include "adapter/postgres/log_reader.hpp"

#include "adapter/postgres/log_payload.hpp"
#include "adapter/postgres/statement.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace recoup::postgres {
namespace {

constexpr Statement read_end{"log_read_end", "select next_offset from log_head where shard = $1"};
constexpr Statement locate_batch{
    "log_locate_batch",
    "select base_offset, ms_of(appended_at) from log_batch where shard = $1 and base_offset <= $2 "
    "order by base_offset desc limit 1"};
constexpr Statement fetch_batches{
    "log_fetch_batches",
    "select base_offset, record_count, ms_of(appended_at), codec, payload from log_batch "
    "where shard = $1 and base_offset >= $2 and base_offset < $3 and appended_at >= coalesce(at_ms($4), 'epoch') order by base_offset"};

constexpr Statement find_next{
    "log_find_next", "select base_offset from log_batch where shard = $1 and base_offset >= $2 order by base_offset limit 1"};

constexpr int partition = 0;
constexpr std::int64_t offsets_at_once = 256;
constexpr std::size_t buffered_bytes = 16 * 1024 * 1024;   // a fetch stops there, whatever the count
constexpr std::chrono::milliseconds first_sleep{2}, longest_sleep{100};

std::int64_t end_offset(pqxx::nontransaction& session) {
    return exec(session, read_end, shard)[0][0].as<std::int64_t>();
}

struct Batch {
    std::int64_t base_offset = 0;
    std::int64_t count = 0;
    Instant appended_at{};
    std::vector<LogRecord> records;
    bool damaged = false;   // then the first record holds the payload and the others are empty
};

Result<Batch> read_batch(pqxx::row const& row) {
    Batch batch;
    batch.base_offset = row[0].as<std::int64_t>();
    batch.count = row[1].as<std::int64_t>();
    batch.appended_at = instant_from_millis(row[2].as<std::int64_t>());
    pqxx::binarystring const payload(row[4]);
    std::string_view const bytes(reinterpret_cast<char const*>(payload.data()), payload.size());
    auto records = unpack_records(row[3].as<int>(), bytes, static_cast<std::size_t>(batch.count));
    batch.damaged = !records && records.error().code == Errc::invalid;
    if (!records && !batch.damaged) return records.error();
    if (records) batch.records = std::move(*records);
    else batch.records.assign(static_cast<std::size_t>(batch.count), LogRecord{});
    if (batch.damaged) batch.records.front().value = bytes;
    return batch;
}

}  // namespace

PostgresLogReader::PostgresLogReader(ConnectionOptions options, StoredPosition stored, Clock const& clock,
                                     Nudge& nudge)
    : stored_(std::move(stored)), clock_(clock), nudge_(nudge), connection_(options), end_connection_(options) {}

Result<std::vector<ReadRecord>> PostgresLogReader::poll(std::size_t max, Millis wait) {
    auto const deadline = clock_.ticks() + wait;
    std::chrono::nanoseconds sleep = first_sleep;
    connection_.drop_if_ended();
    while (buffer_.size() < max) {
        auto const seen = nudge_.count();
        if (auto located = locate(); !located) return located.error();
        if (auto fetched = fetch(max); !fetched) return fetched.error();
        auto const left = deadline - clock_.ticks();
        if (!buffer_.empty() || left.count() <= 0) break;
        nudge_.wait(seen, std::min(sleep, left));
        sleep = std::min<std::chrono::nanoseconds>(sleep * 2, longest_sleep);
    }
    return deliver(max);
}

/// Finds the batch that holds the stored position, which need not be its first record.
Result<void> PostgresLogReader::locate() {
    if (cursor_) return {};
    auto const stored = stored_(partition);
    if (!stored) return stored.error();
    Cursor cursor;
    cursor.next_offset = std::max<std::int64_t>(*stored, 0);
    auto const found = run_statement(connection_, [&](pqxx::nontransaction& session) {
        auto const rows = exec(session, locate_batch, shard, cursor.next_offset);
        if (rows.empty()) return;
        cursor.base_offset = rows[0][0].as<std::int64_t>();
        cursor.appended_at = instant_from_millis(rows[0][1].as<std::int64_t>());
    });
    if (!found) return found.error();
    cursor_ = cursor;
    return {};
}

/// The head is asked first: it is one row, while log_batch has a partition a day. Then all that is there, up to `max`.
Result<void> PostgresLogReader::fetch(std::size_t max) {
    return run_statement(connection_, [&](pqxx::nontransaction& session) {
        auto const end = end_offset(session);
        Result<void> fetched;
        std::size_t bytes = 0;
        while (fetched && cursor_->next_offset < end && buffer_.size() < max && bytes < buffered_bytes)
            fetched = fetch_some(session, bytes);
        return fetched;
    });
}

Result<void> PostgresLogReader::fetch_some(pqxx::nontransaction& session, std::size_t& bytes) {
    auto const rows = exec(session, fetch_batches, shard, cursor_->base_offset, cursor_->next_offset + offsets_at_once,
                           to_millis(cursor_->appended_at));
    if (rows.empty()) {
        skip_dropped(session);
        return {};
    }
    for (auto const& row : rows) {
        auto batch = read_batch(row);
        if (!batch) return batch.error();
        bytes += row[4].size();
        for (std::int64_t i = 0; i < batch->count; ++i) {
            if (batch->base_offset + i < cursor_->next_offset) continue;
            auto& record = batch->records[static_cast<std::size_t>(i)];
            buffer_.push_back({partition, batch->base_offset + i, std::move(record.key), std::move(record.value),
                               batch->damaged});
        }
        cursor_->base_offset = batch->base_offset + batch->count;
        cursor_->next_offset = std::max(cursor_->next_offset, cursor_->base_offset);
        cursor_->appended_at = batch->appended_at;
    }
    return {};
}

/// Only days that are over their retention leave a hole.
void PostgresLogReader::skip_dropped(pqxx::nontransaction& session) {
    auto const found = exec(session, find_next, shard, cursor_->next_offset);
    auto const next = found.empty() ? end_offset(session) : found[0][0].as<std::int64_t>();
    spdlog::error("component=log msg=\"records were dropped with their day before they were read\" from={} to={}",
                  cursor_->next_offset, next);
    cursor_->base_offset = cursor_->next_offset = next;
}

std::vector<ReadRecord> PostgresLogReader::deliver(std::size_t max) {
    auto const count = static_cast<std::ptrdiff_t>(std::min(max, buffer_.size()));
    std::vector<ReadRecord> records(std::make_move_iterator(buffer_.begin()),
                                    std::make_move_iterator(buffer_.begin() + count));
    buffer_.erase(buffer_.begin(), buffer_.begin() + count);
    return records;
}

void PostgresLogReader::rewind() {
    buffer_.clear();
    cursor_.reset();
}

Result<LogPositions> PostgresLogReader::end() {
    std::lock_guard lock(end_mutex_);
    end_connection_.drop_if_ended();
    return run_statement(end_connection_, [](pqxx::nontransaction& session) -> Result<LogPositions> {
        return LogPositions{{partition, end_offset(session)}};
    });
}

}  // namespace recoup::postgres
