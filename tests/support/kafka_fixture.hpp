#pragma once
// A real Apache Kafka for tests: one broker for the process, fresh topics by name.

#include "adapter/kafka/handle.hpp"

namespace recoup::test {

/// Starts the broker at the first call; it ends with this process. Ends the test program with the reason when that
/// fails: such a suite fails, it is not skipped.
std::string const& kafka_brokers();

/// Of a topic of its own with `partitions` partitions.
kafka::ClientOptions fresh_kafka_topic(int partitions);

}  // namespace recoup::test
