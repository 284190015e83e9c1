#include "app/daemon/kafka_settings.hpp"

#include "adapter/kafka/topic_checks.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>

namespace recoup::app {
namespace {

struct NamedProperty {
    char const* key;
    char const* property;
};
constexpr std::array<NamedProperty, 7> properties{{{"kafka.sasl_mechanism", "sasl.mechanism"},
                                                   {"kafka.sasl_username", "sasl.username"},
                                                   {"kafka.sasl_password", "sasl.password"},
                                                   {"kafka.ssl_ca", "ssl.ca.location"},
                                                   {"kafka.ssl_certificate", "ssl.certificate.location"},
                                                   {"kafka.ssl_key", "ssl.key.location"},
                                                   {"kafka.ssl_key_password", "ssl.key.password"}}};

constexpr Millis topic_timeout{15'000};

}  // namespace

Result<kafka::ClientOptions> kafka_client(Settings const& settings) {
    kafka::ClientOptions client;
    for (auto const& broker : settings.list("kafka.brokers"))
        client.brokers += (client.brokers.empty() ? "" : ",") + broker;
    if (client.brokers.empty()) return error(Errc::configuration, "kafka.brokers is empty; name host:port of a broker");
    client.topic = settings.text("kafka.topic");
    auto protocol = settings.text("kafka.security_protocol");
    bool const with_password = protocol.starts_with("sasl");
    if (with_password && settings.text("kafka.sasl_mechanism").empty())
        return error(Errc::configuration, "kafka.sasl_mechanism is empty; set PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512");
    if (!with_password && !settings.text("kafka.sasl_username").empty())
        return error(Errc::configuration, "kafka.sasl_username is set but kafka.security_protocol is " + protocol +
                                              ", so that it would not be used; set sasl_ssl");
    std::transform(protocol.begin(), protocol.end(), protocol.begin(),
                   [](char c) { return c == '_' ? '_' : static_cast<char>(c - 'a' + 'A'); });
    if (protocol != "PLAINTEXT") client.settings["security.protocol"] = protocol;
    for (auto const& [key, property] : properties)
        if (auto const& value = settings.text(key); !value.empty()) client.settings[property] = value;
    for (auto const& property : settings.list("kafka.properties")) {
        auto const equals = property.find('=');
        if (equals == std::string::npos)
            return error(Errc::configuration, "kafka.properties: write name=value, separated by commas");
        client.settings[property.substr(0, equals)] = property.substr(equals + 1);
    }
    return client;
}

kafka::KafkaLogReader::Options kafka_reader(Settings const& settings, kafka::ClientOptions client) {
    using Assignment = kafka::KafkaLogReader::Assignment;
    kafka::KafkaLogReader::Options options;
    options.client = std::move(client);
    bool const cooperative = settings.text("kafka.assignment") == "cooperative";
    options.assignment = cooperative ? Assignment::cooperative : Assignment::eager;
    if (!cooperative) options.group += "-eager";   // the two ways do not mix in one group
    return options;
}

Result<int> check_topic(Settings const& settings, kafka::ClientOptions const& client) {
    auto const facts = kafka::read_topic(client, topic_timeout);
    if (!facts) return facts.error();
    bool const allowed = settings.boolean("kafka.allow_unsafe_topic");
    std::string refusal;
    for (auto const& finding : kafka::judge_topic(client.topic, *facts)) {
        if (!finding.refuse || allowed) spdlog::warn("component=log msg=\"{}\"", finding.text);
        else refusal += (refusal.empty() ? "" : "; ") + finding.text;
    }
    if (refusal.empty()) return facts->partitions;
    return error(Errc::configuration, refusal + " (kafka.allow_unsafe_topic = true starts all the same)");
}

}  // namespace recoup::app
