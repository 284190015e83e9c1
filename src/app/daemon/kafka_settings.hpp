#pragma once
// From kafka.* to librdkafka's properties, and the topic's fitness at the start.

#include "adapter/kafka/handle.hpp"
#include "adapter/kafka/log_reader.hpp"

#include "recoup/base/settings.hpp"

namespace recoup::app {

/// Errc::configuration names the key that is wrong.
Result<kafka::ClientOptions> kafka_client(Settings const& settings);

kafka::KafkaLogReader::Options kafka_reader(Settings const& settings, kafka::ClientOptions client);

/// Warnings go to the log; Errc::configuration when what is acknowledged could be lost, unless
/// kafka.allow_unsafe_topic says that this is known. How many partitions it has.
Result<int> check_topic(Settings const& settings, kafka::ClientOptions const& client);

}  // namespace recoup::app
