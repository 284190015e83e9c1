#include "adapter/kafka/log_reader.hpp"
#include "adapter/kafka/log_writer.hpp"
#include "adapter/kafka/topic.hpp"
#include "support/kafka_fixture.hpp"

#include <future>
#include <gtest/gtest.h>

namespace recoup::kafka {
namespace {

/// Two trackers of one group, played by one thread in turns; positions are stored at once, as with an effect.
struct Tracker {
    std::unique_ptr<KafkaLogReader> reader;
    std::set<std::string>& seen;
    LogPositions& stored;

    std::size_t turn() {
        auto const records = reader->poll(7, Millis(50));
        EXPECT_TRUE(records) << records.error().message;
        if (!records) return 0;
        for (auto const& record : *records) {
            seen.insert(record.value);
            auto& next = stored[record.partition];
            next = std::max(next, record.offset + 1);
        }
        return records->size();
    }
};

struct KafkaLogTest : testing::Test {
    SystemClock clock;
    ClientOptions client = test::fresh_kafka_topic(4);
    std::set<std::string> seen;
    LogPositions stored;

    Tracker join() {
        KafkaLogReader::Options options;
        options.client = client;
        options.group = client.topic;
        auto reader = KafkaLogReader::open(
            options,
            [this](int partition) -> Result<std::int64_t> {
                return stored.contains(partition) ? stored[partition] : -1;
            },
            clock);
        EXPECT_TRUE(reader) << reader.error().message;
        return Tracker{std::move(*reader), seen, stored};
    }
    void produce(int from, int to) {
        KafkaLog::Options options;
        options.client = client;
        auto const log = KafkaLog::open(options);
        ASSERT_TRUE(log) << log.error().message;
        for (int i = from; i < to; ++i) {
            (*log)->append({{"key" + std::to_string(i), std::to_string(i)}},
                           [](Result<void> result) { EXPECT_TRUE(result) << result.error().message; });
        }
    }
    bool until(std::function<bool()> const& done) {
        auto const deadline = clock.ticks() + Seconds(30);
        while (!done() && clock.ticks() < deadline) {}
        return clock.ticks() < deadline;
    }
};

TEST_F(KafkaLogTest, ReadersOfAGroupShareThePartitionsAndTakeOver) {
    produce(0, 200);
    auto first = join();
    ASSERT_TRUE(until([&] { return first.turn() > 0; }));
    {
        auto second = join();
        produce(200, 400);
        std::size_t by_second = 0;
        ASSERT_TRUE(until([&] {
            first.turn();
            by_second += second.turn();
            return seen.size() == 400;
        }));
        produce(400, 500);
        ASSERT_TRUE(until([&] {
            first.turn();
            by_second += second.turn();
            return seen.size() == 500 && by_second > 0;
        })) << "the second reader got nothing to do";
    }
    produce(500, 600);
    EXPECT_TRUE(until([&] {
        first.turn();
        return seen.size() == 600;
    })) << "partitions of a reader that left are taken over";
    auto const end = first.reader->end();
    ASSERT_TRUE(end);
    EXPECT_EQ(*end, stored);
}

TEST_F(KafkaLogTest, EnsuringATopicTwiceLeavesItAlone) {
    auto const partitions = ensure_topic(client, 9, 1, Millis(10'000));
    ASSERT_TRUE(partitions);
    EXPECT_EQ(*partitions, 4);
    auto reader = join();
    auto const end = reader.reader->end();
    ASSERT_TRUE(end);
    EXPECT_EQ(end->size(), 4u);
}

TEST(KafkaLogAway, ABrokerThatDoesNotAnswerIsUnavailable) {
    KafkaLog::Options options;
    options.client.brokers = "127.0.0.1:1";
    options.delivery_timeout = Millis(300);
    auto const log = KafkaLog::open(options);
    ASSERT_TRUE(log);
    std::promise<Result<void>> answer;
    auto future = answer.get_future();
    (*log)->append({{"k", "a"}, {"k", "b"}}, [&](Result<void> result) { answer.set_value(std::move(result)); });
    auto const result = future.get();
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Errc::unavailable);
    (*log)->close();
}

TEST(KafkaLogAway, ARefusedPropertyIsNamedWithoutItsValue) {
    KafkaLog::Options options;
    options.client.brokers = "127.0.0.1:1";
    options.client.settings["security.protocl"] = "hush";
    auto const log = KafkaLog::open(options);
    ASSERT_FALSE(log);
    EXPECT_EQ(log.error().code, Errc::configuration);
    EXPECT_NE(log.error().message.find("security.protocl"), std::string::npos);
    EXPECT_EQ(log.error().message.find("hush"), std::string::npos);
}

}  // namespace
}  // namespace recoup::kafka
