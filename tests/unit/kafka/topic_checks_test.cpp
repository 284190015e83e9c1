#include "adapter/kafka/topic_checks.hpp"

#include "app/config/all_keys.hpp"
#include "app/config/load.hpp"
#include "app/daemon/kafka_settings.hpp"

#include <gtest/gtest.h>

namespace recoup::kafka {
namespace {

TopicFacts sound() {
    return {12, 3, {{"min.insync.replicas", "2"},
                    {"unclean.leader.election.enable", "false"},
                    {"cleanup.policy", "delete"},
                    {"retention.ms", "3024000000"},
                    {"retention.bytes", "-1"},
                    {"max.message.bytes", "4194304"}}};
}

/// "refuse" or "warn" for the one finding that a change of a sound topic leads to.
std::string finding_of(std::string const& name, std::string const& value, std::string const& says) {
    auto facts = sound();
    facts.settings[name] = value;
    auto const findings = judge_topic("events", facts);
    if (findings.size() != 1) return std::to_string(findings.size()) + " findings";
    EXPECT_NE(findings[0].text.find(says), std::string::npos) << findings[0].text;
    EXPECT_NE(findings[0].text.find("events"), std::string::npos);
    return findings[0].refuse ? "refuse" : "warn";
}

TEST(KafkaTopic, ASoundTopicIsNotComplainedAbout) {
    EXPECT_TRUE(judge_topic("events", sound()).empty());
    auto forever = sound();
    forever.settings["retention.ms"] = "-1";
    EXPECT_TRUE(judge_topic("events", forever).empty());
}

TEST(KafkaTopic, EachUnsoundSettingSaysWhatToDo) {
    EXPECT_EQ(finding_of("min.insync.replicas", "1", "--add-config min.insync.replicas=2"), "warn");
    EXPECT_EQ(finding_of("min.insync.replicas", "4", "nothing can be appended"), "refuse");
    EXPECT_EQ(finding_of("unclean.leader.election.enable", "true", "unclean.leader.election.enable=false"), "refuse");
    EXPECT_EQ(finding_of("cleanup.policy", "compact,delete", "cleanup.policy=delete"), "refuse");
    EXPECT_EQ(finding_of("retention.ms", "3600000", "retention.ms="), "refuse");
    EXPECT_EQ(finding_of("retention.ms", "172800000", "retention.ms="), "warn");
    EXPECT_EQ(finding_of("retention.bytes", "1000000", "retention.bytes=-1"), "warn");
    EXPECT_EQ(finding_of("max.message.bytes", "1048588", "max.message.bytes=4194304"), "warn");
}

TEST(KafkaTopic, OneReplicaOrUnreadableSettingsAreWarnedOf) {
    auto single = sound();
    single.replication = 1;
    single.settings["min.insync.replicas"] = "1";
    ASSERT_EQ(judge_topic("events", single).size(), 1u);
    EXPECT_FALSE(judge_topic("events", single)[0].refuse);
    auto const hidden = judge_topic("events", {12, 3, {}});
    ASSERT_EQ(hidden.size(), 1u);
    EXPECT_FALSE(hidden[0].refuse);
    EXPECT_NE(hidden[0].text.find("DescribeConfigs"), std::string::npos);
}

Settings settings_with(std::vector<std::string> overrides) {
    app::LoadOptions load;
    load.overrides = std::move(overrides);
    auto settings = app::load_settings(app::all_keys(), load);
    EXPECT_TRUE(settings) << settings.error().message;
    return *settings;
}

TEST(KafkaSettings, TlsAndSaslReachTheLibrary) {
    auto const client = app::kafka_client(settings_with({"kafka.brokers=a:1,b:2", "kafka.security_protocol=sasl_ssl",
                                                         "kafka.sasl_mechanism=SCRAM-SHA-512", "kafka.sasl_username=u",
                                                         "kafka.sasl_password=p", "kafka.ssl_ca=/ca.pem",
                                                         "kafka.properties=socket.keepalive.enable=true"}));
    ASSERT_TRUE(client) << client.error().message;
    EXPECT_EQ(client->brokers, "a:1,b:2");
    EXPECT_EQ(client->settings, (std::map<std::string, std::string>{{"security.protocol", "SASL_SSL"},
                                                                    {"sasl.mechanism", "SCRAM-SHA-512"},
                                                                    {"sasl.username", "u"},
                                                                    {"sasl.password", "p"},
                                                                    {"ssl.ca.location", "/ca.pem"},
                                                                    {"socket.keepalive.enable", "true"}}));
    EXPECT_TRUE(app::kafka_client(settings_with({"kafka.brokers=a:1"}))->settings.empty());
}

TEST(KafkaSettings, WhatWouldSilentlyDoNothingIsRefused) {
    EXPECT_FALSE(app::kafka_client(settings_with({})));
    EXPECT_FALSE(app::kafka_client(settings_with({"kafka.brokers=a:1", "kafka.security_protocol=sasl_ssl"})));
    EXPECT_FALSE(app::kafka_client(settings_with({"kafka.brokers=a:1", "kafka.sasl_username=u"})));
}

TEST(KafkaSettings, PropertiesThatDurabilityHangsOnAreRefusedByName) {
    for (auto const* name : {"acks", "enable.idempotence", "enable.auto.commit", "group.id", "isolation.level"}) {
        ClientOptions options;
        options.brokers = "127.0.0.1:1";
        options.settings[name] = "1";
        auto const refused = make_configuration(options, {});
        ASSERT_FALSE(refused) << name;
        EXPECT_EQ(refused.error().code, Errc::configuration);
        EXPECT_NE(refused.error().message.find(name), std::string::npos);
    }
}

}  // namespace
}  // namespace recoup::kafka
