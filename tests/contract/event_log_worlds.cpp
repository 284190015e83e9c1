#include "contract/event_log_contract.hpp"

#include "adapter/kafka/log_reader.hpp"
#include "adapter/kafka/log_writer.hpp"
#include "adapter/memory/memory_log.hpp"
#include "adapter/postgres/log_reader.hpp"
#include "adapter/postgres/log_writer.hpp"
#include "adapter/prometheus/prometheus_metrics.hpp"
#include "adapter/spool/posix_folder.hpp"
#include "adapter/spool/spooled_reader.hpp"
#include "support/kafka_fixture.hpp"
#include "support/postgres_fixture.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

namespace recoup::test {
namespace {

class MemoryWorld final : public EventLogWorld {
public:
    std::unique_ptr<EventLog> open_log() override { return std::make_unique<memory::MemoryLog>(storage_); }
    std::unique_ptr<LogReader> open_reader(LogReader::StoredPosition stored) override {
        return std::make_unique<memory::MemoryLogReader>(storage_, std::move(stored));
    }

private:
    memory::LogStorage storage_;
};

class PostgresWorld final : public EventLogWorld {
public:
    std::unique_ptr<EventLog> open_log() override {
        postgres::PostgresLog::Options options;
        options.connection = database_.options();
        return std::make_unique<postgres::PostgresLog>(options, clock_, nudge_);
    }
    std::unique_ptr<LogReader> open_reader(LogReader::StoredPosition stored) override {
        return std::make_unique<postgres::PostgresLogReader>(database_.options(), std::move(stored), clock_, nudge_);
    }

private:
    Database database_;
    SystemClock clock_;
    postgres::Nudge nudge_;
};

class KafkaWorld final : public EventLogWorld {
public:
    std::unique_ptr<EventLog> open_log() override {
        kafka::KafkaLog::Options options;
        options.client = client_;
        return opened(kafka::KafkaLog::open(options));
    }
    std::unique_ptr<LogReader> open_reader(LogReader::StoredPosition stored) override {
        kafka::KafkaLogReader::Options options;
        options.client = client_;
        options.group = client_.topic;
        return opened(kafka::KafkaLogReader::open(options, std::move(stored), clock_));
    }

private:
    template <class T>
    static std::unique_ptr<T> opened(Result<std::unique_ptr<T>> result) {
        EXPECT_TRUE(result) << result.error().message;
        return std::move(*result);
    }

    SystemClock clock_;
    kafka::ClientOptions client_ = fresh_kafka_topic(3);
};

/// Refuses every other append: what it refuses takes the way over the spool.
class StutteringLog final : public EventLog {
public:
    explicit StutteringLog(memory::LogStorage& storage) : log_(storage) {}

    void append(std::vector<LogRecord> records, Done done) override {
        if (calls_++ % 2 == 0) return done(error(Errc::unavailable, "away for a moment"));
        log_.append(std::move(records), std::move(done));
    }
    void close() override { log_.close(); }

private:
    memory::MemoryLog log_;
    std::atomic<int> calls_ = 0;
};

class SpoolWorld final : public EventLogWorld {
public:
    std::unique_ptr<EventLog> open_log() override {
        auto folder = spool::open_folder((folder_.path() / std::to_string(logs_++)).string());
        EXPECT_TRUE(folder) << folder.error().message;
        auto store = spool::Store::open(std::move(*folder), {}, clock_, random_, metrics_);
        EXPECT_TRUE(store) << store.error().message;
        spool::SpooledLog::Options options;
        options.after = options.answer_within = options.close_drain = Millis{60'000};
        auto log = std::make_unique<spool::SpooledLog>(options, std::make_unique<StutteringLog>(storage_), std::move(*store),
                                                       nullptr, clock_, metrics_);
        newest_ = log.get();
        return log;
    }
    std::unique_ptr<LogReader> open_reader(LogReader::StoredPosition stored) override {
        return std::make_unique<spool::SpooledReader>(spool::SpooledReader::Options{.patience = Millis{60'000}},
                                                      std::make_unique<memory::MemoryLogReader>(storage_, std::move(stored)),
                                                      newest_, nullptr, clock_);
    }

private:
    TemporaryFolder folder_;
    memory::LogStorage storage_;
    SystemClock clock_;
    SeededRandom random_{1};
    prometheus_adapter::PrometheusMetrics metrics_{"1"};
    spool::SpooledLog const* newest_ = nullptr;
    int logs_ = 0;
};

}  // namespace

std::unique_ptr<EventLogWorld> spooled_event_log() { return std::make_unique<SpoolWorld>(); }
std::unique_ptr<EventLogWorld> memory_event_log() { return std::make_unique<MemoryWorld>(); }
std::unique_ptr<EventLogWorld> postgres_event_log() { return std::make_unique<PostgresWorld>(); }
std::unique_ptr<EventLogWorld> kafka_event_log() { return std::make_unique<KafkaWorld>(); }

}  // namespace recoup::test
