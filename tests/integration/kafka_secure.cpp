// TLS and SASL, from the configuration to a real broker that takes nothing else.
#include "adapter/kafka/log_reader.hpp"
#include "adapter/kafka/log_writer.hpp"
#include "adapter/kafka/topic.hpp"
#include "adapter/kafka/topic_checks.hpp"
#include "app/config/all_keys.hpp"
#include "app/config/load.hpp"
#include "app/daemon/kafka_settings.hpp"
#include "support/kafka_fixture.hpp"

#include <future>
#include <gtest/gtest.h>

namespace recoup::kafka {
namespace {

Settings secure_settings(std::vector<std::string> more) {
    auto const& broker = test::secure_kafka();
    app::LoadOptions load;
    load.overrides = {"kafka.brokers=" + broker.brokers,
                      "kafka.topic=recoup.secure",
                      "kafka.security_protocol=sasl_ssl",
                      "kafka.sasl_mechanism=PLAIN",
                      "kafka.sasl_username=recoup",
                      "kafka.sasl_password=hush",
                      "kafka.ssl_ca=" + broker.authority.string(),
                      "kafka.properties=log_level=2"};
    for (auto& one : more) load.overrides.push_back(std::move(one));
    return app::load_settings(app::all_keys(), load).value();
}

Result<void> append_once(ClientOptions const& client) {
    KafkaLog::Options options;
    options.client = client;
    options.delivery_timeout = Millis{3'000};
    auto const log = KafkaLog::open(options);
    if (!log) return log.error();
    std::promise<Result<void>> answer;
    auto future = answer.get_future();
    (*log)->append({{"key", "value"}}, [&](Result<void> result) { answer.set_value(std::move(result)); });
    return future.get();
}

TEST(KafkaSecure, EventsGoThereAndBackOverTlsWithAPassword) {
    auto const settings = secure_settings({});
    auto const client = app::kafka_client(settings).value();
    auto const made = ensure_topic(client, 2, 1, Millis{20'000});
    ASSERT_TRUE(made) << made.error().message;
    auto const appended = append_once(client);
    ASSERT_TRUE(appended) << appended.error().message;
    SystemClock const clock;
    auto reader = KafkaLogReader::open(
        app::kafka_reader(settings, client), [](int) -> Result<std::int64_t> { return -1; }, clock);
    ASSERT_TRUE(reader) << reader.error().message;
    std::vector<ReadRecord> records;
    auto const deadline = clock.ticks() + Seconds{30};
    while (records.empty() && clock.ticks() < deadline)
        if (auto polled = (*reader)->poll(10, Millis{200})) records = std::move(*polled);
    ASSERT_EQ(records.size(), 1u);
    EXPECT_EQ(records[0].value, "value");
}

TEST(KafkaSecure, AWrongPasswordOrAnUnknownAuthorityIsRefused) {
    ASSERT_TRUE(ensure_topic(app::kafka_client(secure_settings({})).value(), 2, 1, Millis{20'000}));
    for (auto const* wrong : {"kafka.sasl_password=guess", "kafka.ssl_ca="}) {
        auto const client = app::kafka_client(secure_settings({wrong})).value();
        EXPECT_FALSE(append_once(client)) << wrong;
    }
}

TEST(KafkaSecure, TheTopicIsLookedAtBeforeAnythingIsPromised) {
    auto const settings = secure_settings({});
    auto const client = app::kafka_client(settings).value();
    ASSERT_TRUE(ensure_topic(client, 2, 1, Millis{20'000}));
    auto const facts = read_topic(client, Millis{10'000});
    ASSERT_TRUE(facts) << facts.error().message;
    EXPECT_EQ(facts->partitions, 2);
    EXPECT_EQ(facts->replication, 1);
    EXPECT_EQ(facts->settings.at("min.insync.replicas"), "1");
    EXPECT_EQ(facts->settings.at("max.message.bytes"), std::to_string(record_bytes_limit));
    EXPECT_TRUE(app::check_topic(settings, client)) << "one replica is only warned of";

    auto missing = client;
    missing.topic = "recoup.missing";
    auto const refused = app::check_topic(settings, missing);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("kafka-topics.sh --create --topic recoup.missing"), std::string::npos);
}

}  // namespace
}  // namespace recoup::kafka
