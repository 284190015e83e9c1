#include "adapter/kafka/topic.hpp"

#include <array>

namespace recoup::kafka {
namespace {

using NewTopic = std::unique_ptr<rd_kafka_NewTopic_t, Destroyer<rd_kafka_NewTopic_destroy>>;
using AdminOptions = std::unique_ptr<rd_kafka_AdminOptions_t, Destroyer<rd_kafka_AdminOptions_destroy>>;
using Event = std::unique_ptr<rd_kafka_event_t, Destroyer<rd_kafka_event_destroy>>;

Error failure_of(rd_kafka_resp_err_t code, char const* text) {
    return error(translate(code).code, std::string("Kafka: the topic cannot be made: ") + (text ? text : "no reason"));
}

Result<void> outcome(rd_kafka_event_t* event) {
    if (auto const code = rd_kafka_event_error(event)) return failure_of(code, rd_kafka_event_error_string(event));
    std::size_t count = 0;
    auto* const* topics =
        rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count);
    for (std::size_t i = 0; i < count; ++i) {
        auto const code = rd_kafka_topic_result_error(topics[i]);
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR && code != RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS)
            return failure_of(code, rd_kafka_topic_result_error_string(topics[i]));
    }
    return {};
}

constexpr int pause_ms = 20;

/// A new topic is "unknown" until the brokers' metadata has it.
Result<int> wait_for_topic(rd_kafka_t& client, std::string const& topic, Millis timeout) {
    auto count = count_partitions(client, topic, timeout);
    for (std::int64_t waited = 0; !count && waited <= timeout.count(); waited += pause_ms) {
        rd_kafka_poll(&client, pause_ms);
        count = count_partitions(client, topic, timeout);
    }
    return count;
}

/// Then it answers "not leader" until its brokers know of their parts.
Result<void> wait_for_leaders(rd_kafka_t& client, std::string const& topic, int partitions, int milliseconds) {
    auto code = RD_KAFKA_RESP_ERR_NO_ERROR;
    for (int waited = 0, partition = 0; partition < partitions && waited <= milliseconds;) {
        std::int64_t low = 0, high = 0;
        code = rd_kafka_query_watermark_offsets(&client, topic.c_str(), partition, &low, &high, milliseconds);
        if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
            ++partition;
            continue;
        }
        rd_kafka_poll(&client, pause_ms);
        waited += pause_ms;
    }
    return code == RD_KAFKA_RESP_ERR_NO_ERROR ? Result<void>() : Result<void>(translate(code));
}

}  // namespace

Result<int> ensure_topic(ClientOptions const& options, int partitions, int replication, Millis timeout) {
    auto configuration = make_configuration(options, {});
    if (!configuration) return configuration.error();
    auto client = make_client(RD_KAFKA_PRODUCER, std::move(*configuration));
    if (!client) return client.error();

    std::array<char, 256> reason{};
    NewTopic const topic(
        rd_kafka_NewTopic_new(options.topic.c_str(), partitions, replication, reason.data(), reason.size()));
    if (!topic) return error(Errc::configuration, std::string("Kafka topic: ") + reason.data());
    rd_kafka_NewTopic_set_config(topic.get(), "max.message.bytes", std::to_string(record_bytes_limit).c_str());

    AdminOptions const admin(rd_kafka_AdminOptions_new(client->get(), RD_KAFKA_ADMIN_OP_CREATETOPICS));
    auto const milliseconds = static_cast<int>(timeout.count());
    rd_kafka_AdminOptions_set_request_timeout(admin.get(), milliseconds, reason.data(), reason.size());
    rd_kafka_AdminOptions_set_operation_timeout(admin.get(), milliseconds, reason.data(), reason.size());
    Queue const queue(rd_kafka_queue_new(client->get()));
    auto* wanted = topic.get();
    rd_kafka_CreateTopics(client->get(), &wanted, 1, admin.get(), queue.get());
    Event const event(rd_kafka_queue_poll(queue.get(), milliseconds));
    if (!event) return error(Errc::unavailable, "Kafka does not answer; check kafka.brokers");
    if (auto const made = outcome(event.get()); !made) return made.error();
    auto const count = wait_for_topic(**client, options.topic, timeout);
    if (!count) return count;
    if (auto const led = wait_for_leaders(**client, options.topic, *count, milliseconds); !led) return led.error();
    return count;
}

Result<int> count_partitions(rd_kafka_t& client, std::string const& topic, Millis timeout) {
    Topic const handle(rd_kafka_topic_new(&client, topic.c_str(), nullptr));
    if (!handle) return translate(rd_kafka_last_error());
    rd_kafka_metadata_t const* metadata = nullptr;
    auto const code = rd_kafka_metadata(&client, 0, handle.get(), &metadata, static_cast<int>(timeout.count()));
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return translate(code);
    std::unique_ptr<rd_kafka_metadata_t const, Destroyer<rd_kafka_metadata_destroy>> const held(metadata);
    if (metadata->topic_cnt != 1) return translate(RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC);
    auto const& found = metadata->topics[0];
    if (found.err != RD_KAFKA_RESP_ERR_NO_ERROR) return translate(found.err);
    return found.partition_cnt;
}

}  // namespace recoup::kafka
