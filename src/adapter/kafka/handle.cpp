#include "adapter/kafka/handle.hpp"

#include <spdlog/spdlog.h>

#include <array>

namespace recoup::kafka {
namespace {

/// Levels are syslog's.
void log_line(rd_kafka_t const*, int level, char const* facility, char const* text) {
    if (level <= 3) spdlog::error("kafka {}: {}", facility, text);
    else if (level == 4) spdlog::warn("kafka {}: {}", facility, text);
    else spdlog::debug("kafka {}: {}", facility, text);
}

Result<void> set(rd_kafka_conf_t& configuration, std::string const& name, std::string const& value) {
    std::array<char, 256> reason{};
    if (rd_kafka_conf_set(&configuration, name.c_str(), value.c_str(), reason.data(), reason.size()) == RD_KAFKA_CONF_OK)
        return {};
    return error(Errc::configuration, "librdkafka refuses the property " + name);
}

}  // namespace

Result<Configuration> make_configuration(ClientOptions const& options, std::map<std::string, std::string> const& ours) {
    Configuration configuration(rd_kafka_conf_new());
    rd_kafka_conf_set_log_cb(configuration.get(), log_line);
    if (auto done = set(*configuration, "bootstrap.servers", options.brokers); !done) return done.error();
    if (auto done = set(*configuration, "client.id", "recoup"); !done) return done.error();
    // A broker that is back is found within a second; librdkafka's own limit is ten.
    if (auto done = set(*configuration, "reconnect.backoff.max.ms", "1000"); !done) return done.error();
    for (auto const* settings : {&ours, &options.settings}) {
        for (auto const& [name, value] : *settings) {
            if (auto done = set(*configuration, name, value); !done) return done.error();
        }
    }
    return configuration;
}

Result<Client> make_client(rd_kafka_type_t type, Configuration configuration) {
    std::array<char, 256> reason{};
    auto* const client = rd_kafka_new(type, configuration.get(), reason.data(), reason.size());
    if (client == nullptr) return error(Errc::configuration, std::string("Kafka client: ") + reason.data());
    (void)configuration.release();  // it belongs to the client now
    return Client(client);
}

Error translate(rd_kafka_resp_err_t code) {
    std::string const text = std::string("Kafka: ") + rd_kafka_err2str(code);
    // Some of the codes of a foreign enum that grows with the library.
    switch (static_cast<int>(code)) {
        case RD_KAFKA_RESP_ERR__QUEUE_FULL: return error(Errc::overloaded, text);
        case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
        case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE: return error(Errc::too_large, text);
        case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
        case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
        case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
            return error(Errc::unavailable, text + "; make the topic or check kafka.topic");
        case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
        case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
        case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
        case RD_KAFKA_RESP_ERR__AUTHENTICATION:
            return error(Errc::configuration, text + "; check the broker's rights for this user");
        default: return error(Errc::unavailable, text);
    }
}

}  // namespace recoup::kafka
