#include "adapter/kafka/handle.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace recoup::kafka {
namespace {

// What durability, fencing and the configuration's own keys depend on.
constexpr std::array<std::string_view, 22> owned{
    "acks", "request.required.acks", "enable.idempotence", "enable.gapless.guarantee", "max.in.flight",
    "max.in.flight.requests.per.connection", "retries", "message.send.max.retries", "transactional.id", "partitioner",
    "bootstrap.servers", "metadata.broker.list", "client.id", "group.id", "group.instance.id", "enable.auto.commit",
    "auto.commit.enable", "enable.auto.offset.store", "auto.offset.reset", "partition.assignment.strategy",
    "isolation.level", "plugin.library.paths"};

/// Levels are syslog's.
void log_line(rd_kafka_t const*, int level, char const* facility, char const* text) {
    if (level <= 3) spdlog::error("kafka {}: {}", facility, text);
    else if (level == 4) spdlog::warn("kafka {}: {}", facility, text);
    else spdlog::debug("kafka {}: {}", facility, text);
}

Result<void> set(rd_kafka_conf_t& configuration, std::string const& name, std::string const& value) {
    std::array<char, 256> reason{};
    if (rd_kafka_conf_set(&configuration, name.c_str(), value.c_str(), reason.data(), reason.size()) ==
        RD_KAFKA_CONF_OK)
        return {};
    return error(Errc::configuration, "librdkafka refuses the property " + name);
}

}  // namespace

Result<Configuration> make_configuration(ClientOptions const& options, std::map<std::string, std::string> const& ours) {
    for (auto const& [name, value] : options.settings)
        if (std::find(owned.begin(), owned.end(), name) != owned.end())
            return error(Errc::configuration,
                         "kafka.properties: " + name + " is Recoup's own, what it promises hangs on it; leave it out");
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
