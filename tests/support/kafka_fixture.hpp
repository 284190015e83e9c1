#pragma once
// A real Apache Kafka for tests: one broker for the process, fresh topics by name.

#include "adapter/kafka/handle.hpp"

#include <filesystem>
#include <string>

namespace recoup::test {

/// Starts the broker at the first call; it ends with this process. Ends the test program with the reason when that
/// fails: such a suite fails, it is not skipped.
std::string const& kafka_brokers();

/// A second broker, which speaks SASL_SSL with PLAIN only and knows the user "recoup" with the password "hush".
struct SecureKafka {
    std::string brokers;
    std::filesystem::path authority;   // PEM of who signed its certificate
};
SecureKafka const& secure_kafka();

/// Of a topic of its own with `partitions` partitions.
kafka::ClientOptions fresh_kafka_topic(int partitions);

}  // namespace recoup::test
