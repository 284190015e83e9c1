#pragma once
// The topic that holds the event log.

#include "adapter/kafka/handle.hpp"
#include "recoup/base/time.hpp"

namespace recoup::kafka {

/// Makes the topic when it is not there and waits until it serves; one that exists is left as it is. How many partitions it has.
Result<int> ensure_topic(ClientOptions const& options, int partitions, int replication, Millis timeout);

/// Number of partitions of the topic, asked of the cluster. Errc::unavailable when it does not exist (yet).
Result<int> count_partitions(rd_kafka_t& client, std::string const& topic, Millis timeout);

}  // namespace recoup::kafka
