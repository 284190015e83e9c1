#pragma once
// RAII holders of librdkafka's C handles, its configuration and its errors.

#include "recoup/base/result.hpp"

#include <librdkafka/rdkafka.h>

#include <map>
#include <memory>
#include <string>

namespace recoup::kafka {

template <auto Destroy>
struct Destroyer {
    template <class T>
    void operator()(T* handle) const {
        Destroy(handle);
    }
};

using Client = std::unique_ptr<rd_kafka_t, Destroyer<rd_kafka_destroy>>;
using Topic = std::unique_ptr<rd_kafka_topic_t, Destroyer<rd_kafka_topic_destroy>>;
using Configuration = std::unique_ptr<rd_kafka_conf_t, Destroyer<rd_kafka_conf_destroy>>;
using Partitions = std::unique_ptr<rd_kafka_topic_partition_list_t, Destroyer<rd_kafka_topic_partition_list_destroy>>;
using KafkaError = std::unique_ptr<rd_kafka_error_t, Destroyer<rd_kafka_error_destroy>>;
using Queue = std::unique_ptr<rd_kafka_queue_t, Destroyer<rd_kafka_queue_destroy>>;

inline constexpr int record_bytes_limit = 4 * 1024 * 1024;

/// Where the cluster is and what an operator sets for every client (security.protocol, sasl.*, ...). The values may be
/// secrets and never reach a log.
struct ClientOptions {
    std::string brokers;                          // host:port, comma-separated
    std::string topic = "recoup.events.v1";
    std::map<std::string, std::string> settings;  // librdkafka properties, applied last; those we own are refused
};

/// `ours` first, the operator's settings over it; librdkafka's log lines go to ours. Errc::configuration names a
/// property that librdkafka refuses.
Result<Configuration> make_configuration(ClientOptions const& options, std::map<std::string, std::string> const& ours);

/// Takes the configuration. Errc::configuration when librdkafka refuses the combination.
Result<Client> make_client(rd_kafka_type_t type, Configuration configuration);

/// too_large and configuration where repeating cannot help, overloaded for a full queue, unavailable otherwise. Never
/// holds a key or a value.
Error translate(rd_kafka_resp_err_t code);

}  // namespace recoup::kafka
