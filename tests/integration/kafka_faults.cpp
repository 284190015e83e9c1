// The producer when the cluster misbehaves, on librdkafka's mock cluster, which answers as it is told.
#include "adapter/kafka/log_reader.hpp"
#include "adapter/kafka/log_writer.hpp"

#include "recoup/base/clock.hpp"

#include <librdkafka/rdkafka_mock.h>

#include <atomic>
#include <future>
#include <gtest/gtest.h>

namespace recoup::kafka {
namespace {

constexpr std::int16_t produce_request = 0;   // API key

class KafkaFaults : public testing::Test {
protected:
    KafkaFaults()
        : host_(make_client(RD_KAFKA_PRODUCER, Configuration(rd_kafka_conf_new())).value()),
          cluster_(rd_kafka_mock_cluster_new(host_.get(), 3)) {
        EXPECT_EQ(rd_kafka_mock_topic_create(cluster_, topic, 2, 3), RD_KAFKA_RESP_ERR_NO_ERROR);
        for (int partition = 0; partition < 2; ++partition)
            rd_kafka_mock_partition_set_leader(cluster_, topic, partition, 1);
        options_.client.brokers = rd_kafka_mock_cluster_bootstraps(cluster_);
        options_.client.topic = topic;
        options_.client.settings = {
            {"log_level", "2"}, {"reconnect.backoff.max.ms", "100"}, {"retry.backoff.ms", "20"}};
        options_.delivery_timeout = Millis{20'000};
    }
    ~KafkaFaults() override { rd_kafka_mock_cluster_destroy(cluster_); }

    std::unique_ptr<KafkaLog> open() { return std::move(KafkaLog::open(options_).value()); }

    static Result<void> append(KafkaLog& log, std::string value) {
        std::promise<Result<void>> answer;
        auto future = answer.get_future();
        log.append({{"key", std::move(value)}}, [&](Result<void> result) { answer.set_value(std::move(result)); });
        return future.get();
    }
    void fail_produces(std::vector<rd_kafka_resp_err_t> const& errors) {
        rd_kafka_mock_push_request_errors_array(cluster_, produce_request, errors.size(), errors.data());
    }
    std::map<std::string, int> stored() {
        KafkaLogReader::Options options;
        options.client = options_.client;
        auto reader = KafkaLogReader::open(options, [](int) -> Result<std::int64_t> { return -1; }, clock_);
        EXPECT_TRUE(reader);
        auto const end = (*reader)->end().value();
        std::int64_t wanted = 0, read = 0;
        for (auto const& [partition, offset] : end) wanted += offset;
        std::map<std::string, int> values;
        auto const deadline = clock_.ticks() + Seconds{30};
        while (read < wanted && clock_.ticks() < deadline)
            if (auto const records = (*reader)->poll(100, Millis{100}); records)
                for (auto const& record : *records) ++values[record.value], ++read;
        EXPECT_EQ(read, wanted);
        return values;
    }

    static constexpr char const* topic = "faults";
    SystemClock clock_;
    Client host_;
    rd_kafka_mock_cluster_t* cluster_;
    KafkaLog::Options options_;
};

TEST_F(KafkaFaults, PassingErrorsAreLivedThroughAndNothingIsStoredTwice) {
    auto const log = open();
    ASSERT_TRUE(append(*log, "first"));
    fail_produces({RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
                   RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND});
    for (auto const* value : {"a", "b", "c"}) {
        auto const result = append(*log, value);
        EXPECT_TRUE(result) << result.error().message;
    }
    log->close();
    EXPECT_EQ(stored(), (std::map<std::string, int>{{"a", 1}, {"b", 1}, {"c", 1}, {"first", 1}}));
}

TEST_F(KafkaFaults, WhatStopsMessagesIsNotedBeforeItsSenderHears) {
    std::vector<NotedStops> noted;
    std::function<void()> answer;
    std::promise<void> asked;
    options_.note_stops = [&](std::vector<NotedStops> places, std::function<void()> done) {
        noted = std::move(places);
        answer = std::move(done);
        asked.set_value();
    };
    auto const log = open();
    ASSERT_TRUE(append(*log, "stops nothing"));
    std::atomic<bool> answered = false;
    log->append({{"key", "a"}, {"key", "b", {7, 9}}, {"key", "c"}}, [&](Result<void> result) {
        EXPECT_TRUE(result);
        answered = true;
    });
    asked.get_future().wait();
    EXPECT_FALSE(answered);
    answer();
    EXPECT_TRUE(answered);
    ASSERT_EQ(noted.size(), 1u);
    EXPECT_EQ(noted[0].hashes, (std::vector<std::int64_t>{7, 9}));
    EXPECT_EQ(noted[0].end_offset, 3) << "behind the third record of its partition";
}

TEST_F(KafkaFaults, ALeaderThatIsSlowDoesNotHoldUpWhatGoesToOthers) {
    rd_kafka_mock_partition_set_leader(cluster_, topic, 1, 2);
    auto const key_for = [](int partition) {
        std::string key = "a";
        while (rd_kafka_msg_partitioner_murmur2(nullptr, key.data(), key.size(), 2, nullptr, nullptr) != partition) ++key[0];
        return key;
    };
    auto const log = open();
    std::promise<void> quick;
    log->append({{key_for(0), "warm"}, {key_for(1), "warm"}}, [&](Result<void>) { quick.set_value(); });
    quick.get_future().wait();
    rd_kafka_mock_broker_set_rtt(cluster_, 1, 5'000);
    std::atomic<bool> slow_answered = false;
    log->append({{key_for(0), "slow"}}, [&](Result<void> result) {
        EXPECT_TRUE(result);
        slow_answered = true;
    });
    for (int i = 0; i < 20; ++i) {
        std::promise<Result<void>> answer;
        log->append({{key_for(1), std::to_string(i)}}, [&](Result<void> result) { answer.set_value(std::move(result)); });
        ASSERT_TRUE(answer.get_future().get());
    }
    EXPECT_FALSE(slow_answered);
    rd_kafka_mock_broker_set_rtt(cluster_, 1, 0);
    log->close();
    EXPECT_TRUE(slow_answered);
}

TEST_F(KafkaFaults, AClusterThatIsDownIsUnavailableAndServesAgain) {
    options_.delivery_timeout = Millis{400};
    auto const log = open();
    for (int broker = 1; broker <= 3; ++broker) rd_kafka_mock_broker_set_down(cluster_, broker);
    auto const refused = append(*log, "lost");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::unavailable);
    for (int broker = 1; broker <= 3; ++broker) rd_kafka_mock_broker_set_up(cluster_, broker);
    auto const deadline = clock_.ticks() + Seconds{30};
    bool served = false;
    while (!served && clock_.ticks() < deadline) served = append(*log, "kept").has_value();
    EXPECT_TRUE(served);
    log->close();
    EXPECT_EQ(stored().count("kept"), 1u);
}

TEST_F(KafkaFaults, AProducerThatFailedForGoodIsReplacedAndNothingIsAcknowledgedThatWasNotStored) {
    auto const log = open();
    std::map<std::string, bool> acknowledged;
    ASSERT_TRUE(append(*log, "before"));
    acknowledged["before"] = true;
    int failures = 0;
    for (int round = 0; round < 3; ++round) {
        fail_produces({RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER});
        bool served = false;
        auto const deadline = clock_.ticks() + Seconds{30};
        for (int i = 0; (!served || i < 5) && clock_.ticks() < deadline; ++i) {
            auto const value = std::to_string(round) + "/" + std::to_string(i);
            auto const result = append(*log, value);
            acknowledged[value] = result.has_value();
            served = result.has_value();
            if (!result) {
                ++failures;
                EXPECT_EQ(result.error().code, Errc::unavailable) << result.error().message;
            }
        }
        EXPECT_TRUE(served) << "a new producer took over";
    }
    EXPECT_GE(failures, 3) << "the error was fatal for the old one";
    log->close();
    auto const found = stored();
    for (auto const& [value, good] : acknowledged)
        EXPECT_TRUE(!good || (found.contains(value) && found.at(value) == 1)) << value;
}

}  // namespace
}  // namespace recoup::kafka
