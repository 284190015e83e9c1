#include "contract/event_log_contract.hpp"

#include "adapter/kafka/log_reader.hpp"
#include "adapter/kafka/log_writer.hpp"
#include "adapter/memory/memory_log.hpp"
#include "adapter/postgres/log_reader.hpp"
#include "adapter/postgres/log_writer.hpp"
#include "support/kafka_fixture.hpp"
#include "support/postgres_fixture.hpp"

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

}  // namespace

std::unique_ptr<EventLogWorld> memory_event_log() { return std::make_unique<MemoryWorld>(); }
std::unique_ptr<EventLogWorld> postgres_event_log() { return std::make_unique<PostgresWorld>(); }
std::unique_ptr<EventLogWorld> kafka_event_log() { return std::make_unique<KafkaWorld>(); }

}  // namespace recoup::test
