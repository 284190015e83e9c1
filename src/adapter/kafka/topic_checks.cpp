#include "adapter/kafka/topic_checks.hpp"

#include "adapter/kafka/topic.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace recoup::kafka {
namespace {

using ConfigResource = std::unique_ptr<rd_kafka_ConfigResource_t, Destroyer<rd_kafka_ConfigResource_destroy>>;
using DescribeOptions = std::unique_ptr<rd_kafka_AdminOptions_t, Destroyer<rd_kafka_AdminOptions_destroy>>;
using DescribeEvent = std::unique_ptr<rd_kafka_event_t, Destroyer<rd_kafka_event_destroy>>;

constexpr std::int64_t day_ms = 24LL * 3600 * 1000;
constexpr std::int64_t shortest_retention_ms = day_ms, comfortable_retention_ms = 7 * day_ms;

Result<TopicFacts> read_replicas(rd_kafka_t& client, std::string const& topic, Millis timeout) {
    auto const count = count_partitions(client, topic, timeout);
    if (!count)
        return error(
            count.error().code == Errc::unavailable ? Errc::not_found : count.error().code,
            "the topic " + topic + " is not there or cannot be reached (" + count.error().message +
                "); make it: kafka-topics.sh --create --topic " + topic +
                " --partitions 12 --replication-factor 3 --config min.insync.replicas=2 --config max.message.bytes=" +
                std::to_string(record_bytes_limit));
    rd_kafka_metadata_t const* metadata = nullptr;
    Topic const handle(rd_kafka_topic_new(&client, topic.c_str(), nullptr));
    if (!handle) return translate(rd_kafka_last_error());
    auto const code = rd_kafka_metadata(&client, 0, handle.get(), &metadata, static_cast<int>(timeout.count()));
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return translate(code);
    std::unique_ptr<rd_kafka_metadata_t const, Destroyer<rd_kafka_metadata_destroy>> const held(metadata);
    TopicFacts facts;
    facts.partitions = *count;
    if (metadata->topic_cnt != 1) return facts;
    auto const& found = metadata->topics[0];
    for (int i = 0; i < found.partition_cnt; ++i) {
        auto const replicas = found.partitions[i].replica_cnt;
        facts.replication = i == 0 ? replicas : std::min(facts.replication, replicas);
    }
    return facts;
}

/// A cluster may not let us read them: then nothing is known.
std::map<std::string, std::string> read_settings(rd_kafka_t& client, std::string const& topic, Millis timeout) {
    std::map<std::string, std::string> settings;
    ConfigResource const resource(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str()));
    DescribeOptions const options(rd_kafka_AdminOptions_new(&client, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS));
    std::array<char, 256> reason{};
    auto const milliseconds = static_cast<int>(timeout.count());
    rd_kafka_AdminOptions_set_request_timeout(options.get(), milliseconds, reason.data(), reason.size());
    Queue const queue(rd_kafka_queue_new(&client));
    auto* wanted = resource.get();
    rd_kafka_DescribeConfigs(&client, &wanted, 1, options.get(), queue.get());
    DescribeEvent const event(rd_kafka_queue_poll(queue.get(), milliseconds));
    if (!event || rd_kafka_event_error(event.get())) return settings;
    std::size_t resources = 0;
    auto* const* found =
        rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(event.get()), &resources);
    for (std::size_t i = 0; i < resources; ++i) {
        std::size_t count = 0;
        auto const* const* entries = rd_kafka_ConfigResource_configs(found[i], &count);
        for (std::size_t k = 0; k < count; ++k)
            if (auto const* value = rd_kafka_ConfigEntry_value(entries[k]))
                settings[rd_kafka_ConfigEntry_name(entries[k])] = value;
    }
    return settings;
}

class Judgement {
public:
    Judgement(std::string const& topic, TopicFacts const& facts) : topic_(topic), facts_(facts) {}

    void judge_copies() {
        auto const insync = number("min.insync.replicas");
        if (insync && *insync > facts_.replication)
            find(true, "min.insync.replicas is " + std::to_string(*insync) + " but there are " +
                           std::to_string(facts_.replication) +
                           " replicas, so nothing can be appended; lower it, or add replicas");
        if (facts_.replication == 1)
            return find(
                false,
                "has one replica: a power cut or a lost disk loses what was acknowledged; use replication factor 3 "
                "and min.insync.replicas=2");
        if (insync && *insync == 1)
            find(false, "min.insync.replicas is 1: an append may be on one broker only when it is acknowledged; " +
                            alter("min.insync.replicas=2"));
        if (text("unclean.leader.election.enable") == "true")
            find(true, "unclean.leader.election.enable lets a broker lead that lacks acknowledged events; " +
                           alter("unclean.leader.election.enable=false"));
    }
    void judge_retention() {
        if (text("cleanup.policy").find("compact") != std::string::npos)
            find(true, "cleanup.policy compacts: only the last event of a cart would be left; " +
                           alter("cleanup.policy=delete"));
        auto const kept = number("retention.ms");
        bool const short_lived = kept && *kept >= 0 && *kept < comfortable_retention_ms;
        if (short_lived)
            find(*kept < shortest_retention_ms, "retention.ms is " + std::to_string(*kept) +
                                                    ": what is not folded by then is lost; " +
                                                    alter("retention.ms=3024000000"));
        if (auto const bytes = number("retention.bytes"); bytes && *bytes >= 0)
            find(false, "retention.bytes bounds it: a busy day may drop events before they are folded; " +
                            alter("retention.bytes=-1"));
    }
    void judge_size() {
        if (auto const largest = number("max.message.bytes"); largest && *largest < record_bytes_limit)
            find(false, "max.message.bytes is " + std::to_string(*largest) + ": larger events are answered 413; " +
                            alter("max.message.bytes=" + std::to_string(record_bytes_limit)));
        if (facts_.settings.empty())
            find(false,
                 "its settings may not be read; give this user DescribeConfigs on the topic to have them checked");
    }
    std::vector<TopicFinding> findings() && { return std::move(findings_); }

private:
    std::string text(std::string const& name) const {
        auto const found = facts_.settings.find(name);
        return found == facts_.settings.end() ? std::string{} : found->second;
    }
    std::optional<std::int64_t> number(std::string const& name) const {
        auto const value = text(name);
        std::int64_t out = 0;
        auto const [end, problem] = std::from_chars(value.data(), value.data() + value.size(), out);
        if (value.empty() || problem != std::errc{} || end != value.data() + value.size()) return std::nullopt;
        return out;
    }
    std::string alter(std::string const& setting) const {
        return "kafka-configs.sh --alter --entity-type topics --entity-name " + topic_ + " --add-config " + setting;
    }
    void find(bool refuse, std::string what) {
        findings_.push_back({refuse, "topic " + topic_ + ": " + std::move(what)});
    }

    std::string const& topic_;
    TopicFacts const& facts_;
    std::vector<TopicFinding> findings_;
};

}  // namespace

Result<TopicFacts> read_topic(ClientOptions const& options, Millis timeout) {
    auto configuration = make_configuration(options, {});
    if (!configuration) return configuration.error();
    auto client = make_client(RD_KAFKA_PRODUCER, std::move(*configuration));
    if (!client) return client.error();
    auto facts = read_replicas(**client, options.topic, timeout);
    if (facts) facts->settings = read_settings(**client, options.topic, timeout);
    return facts;
}

std::vector<TopicFinding> judge_topic(std::string const& topic, TopicFacts const& facts) {
    Judgement judgement(topic, facts);
    judgement.judge_copies();
    judgement.judge_retention();
    judgement.judge_size();
    return std::move(judgement).findings();
}

}  // namespace recoup::kafka
