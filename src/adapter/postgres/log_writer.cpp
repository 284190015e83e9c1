#include "adapter/postgres/log_writer.hpp"

#include "adapter/postgres/log_payload.hpp"
#include "adapter/postgres/log_stop.hpp"
#include "adapter/postgres/statement.hpp"

#include <pthread.h>
#include <spdlog/spdlog.h>

namespace recoup::postgres {
namespace {

constexpr Statement append_batch{
    "log_append_batch",
    "with head as ("
    " update log_head set next_offset = next_offset + $2,"
    " appended_at = greatest(appended_at, to_timestamp($3::bigint / 1000.0::float8)) where shard = $1"
    " returning next_offset - $2 as base_offset, appended_at) "
    "insert into log_batch (shard, base_offset, record_count, appended_at, codec, payload) "
    "select $1, base_offset, $2, appended_at, $4, $5 from head returning base_offset"};
constexpr Statement ensure_day{
    "log_ensure_day",
    "select log_ensure_day((to_timestamp($1::bigint / 1000.0) at time zone 'UTC')::date + $2::int)"};
constexpr Statement drop_before{
    "log_drop_before",
    "select log_drop_before((to_timestamp($1::bigint / 1000.0) at time zone 'UTC')::date - $2::int)"};

std::int64_t day_of(Instant at) {
    return std::chrono::floor<std::chrono::days>(at).time_since_epoch().count();
}

}  // namespace

PostgresLog::PostgresLog(Options options, Clock const& clock, Nudge& nudge)
    : options_(std::move(options)),
      clock_(clock),
      nudge_(nudge),
      queue_({options_.queue_records, options_.queue_bytes}, {options_.batch_records, options_.batch_bytes}),
      connection_(options_.connection),
      thread_([this] { write_until_closed(); }) {
    pthread_setname_np(thread_.native_handle(), "log-writer");
}

PostgresLog::~PostgresLog() { close(); }

void PostgresLog::append(std::vector<LogRecord> records, Done done) {
    if (records.empty()) return done({});
    if (auto const accepted = queue_.push(records, done); !accepted) done(accepted);
}

void PostgresLog::close() {
    queue_.close();
    std::call_once(closing_, [&] { thread_.join(); });
}

void PostgresLog::write_until_closed() {
    for (auto group = queue_.take({}); group.records > 0; group = queue_.take(std::move(group))) {
        auto const written = write(group);
        if (written) nudge_.notify();
        for (auto const& done : group.done) done(written);
    }
}

/// An idle session may have died with a restart of the server, so a lost one is tried once more. Should the lost
/// commit have happened all the same, the records are on the log twice; readers dedupe by event id in any case.
Result<void> PostgresLog::write(LogQueue::Group const& group) {
    Packed const batch{static_cast<int>(group.records), compress_records(group.plain), group.stops};
    for (int attempt = 1;; ++attempt) {
        auto const now = clock_.now();
        auto written = ensure_days(now);
        if (written) written = batch.stops.empty() ? write_batch(batch, now) : write_with_stops(batch, now);
        if (written) return {};
        ensured_day_ = -1;
        if (attempt == 2 || connection_.connected()) return error(Errc::unavailable, written.error().message);
    }
}

Result<std::int64_t> PostgresLog::insert_batch(pqxx::transaction_base& tx, Packed const& batch, Instant now) {
    pqxx::binarystring const payload(batch.payload);
    tx.conn().prepare(append_batch.name, append_batch.sql);   // its payload goes in binary
    auto const inserted =
        tx.exec_prepared(append_batch.name, shard, batch.count, to_millis(now), payload_codec_zstd, payload);
    if (inserted.size() == 1) return inserted[0][0].as<std::int64_t>();
    return error(Errc::configuration, "log_head has no row; run: recoup migrate up");
}

/// One round trip.
Result<void> PostgresLog::write_batch(Packed const& batch, Instant now) {
    return run_statement(connection_, [&](pqxx::nontransaction& session) -> Result<void> {
        auto const base = insert_batch(session, batch, now);
        return base ? Result<void>() : Result<void>(base.error());
    });
}

Result<void> PostgresLog::write_with_stops(Packed const& batch, Instant now) {
    return run(connection_, [&](pqxx::work& tx) -> Result<void> {
        lock_stops(tx, batch.stops);
        auto const base = insert_batch(tx, batch, now);
        if (!base) return base.error();
        note_stops(tx, batch.stops, *base + batch.count);
        return {};
    });
}

/// Today's partition and tomorrow's, once a day.
Result<void> PostgresLog::ensure_days(Instant now) {
    if (ensured_day_ == day_of(now)) return {};
    for (int ahead : {0, 1}) {
        auto ensured = run_statement(connection_, [&](pqxx::nontransaction& session) {
            exec(session, ensure_day, to_millis(now), ahead);
        });
        if (!ensured) return ensured;
    }
    if (options_.retention_days > 0) drop_old_days(now);
    ensured_day_ = day_of(now);
    return {};
}

void PostgresLog::drop_old_days(Instant now) {
    auto const dropped = run_statement(connection_, [&](pqxx::nontransaction& session) {
        exec(session, drop_before, to_millis(now), options_.retention_days);
    });
    if (!dropped) spdlog::warn("old days of the event log stay until tomorrow: {}", dropped.error().message);
}

}  // namespace recoup::postgres
