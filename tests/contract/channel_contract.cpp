// What every channel adapter owes the scheduler, run on each of channel_list() against a provider on loopback.

#include "adapter/http_client/curl_client.hpp"
#include "support/channel_providers.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace recoup::testing_channel {
namespace {

struct ChannelContract : testing::TestWithParam<std::string> {
    channel::ChannelDescriptor const* descriptor = channel::find_channel(GetParam());
    std::unique_ptr<Provider> provider = make_provider(GetParam());
    Settings settings = default_settings();
    http::CurlClient http;
    ManualClock clock{instant_from_seconds(1795169100)};

    void SetUp() override {
        ASSERT_NE(provider, nullptr) << "add a provider to channel_providers.cpp";
        provider->configure(settings);
    }
    std::unique_ptr<ChannelAdapter> make() {
        auto adapter = descriptor->make({settings, http, clock, "https://r.example"});
        EXPECT_TRUE(adapter);
        return std::move(*adapter);
    }
    Message message() const {
        Message out;
        out.id = "m_abcdefgh12345678";
        out.shop_id = "demo";
        out.channel = provider->channel();
        bool const sms = out.channel == Channel::sms;
        out.to = sms ? "+15551234567" : "ann@example.com";
        out.from = sms ? "+15557654321" : "Demo <hello@shop.example>";
        out.content = {"Your cart", "Your cart: https://r.example/r/t", sms ? "" : "<p>Your cart</p>"};
        out.date = clock.now();
        return out;
    }
    Outcome send(Behaviour behaviour) {
        provider->behave(behaviour);
        return make()->send(message());
    }
};

TEST_P(ChannelContract, IsWhatItsDescriptorSays) {
    auto const adapter = make();
    EXPECT_EQ(adapter->name(), descriptor->name);
    for (auto const channel : {Channel::email, Channel::sms, Channel::push, Channel::ads}) {
        bool const listed = std::find(descriptor->serves.begin(), descriptor->serves.end(), channel) != descriptor->serves.end();
        EXPECT_EQ(adapter->serves(channel), listed);
    }
    for (auto const& key : descriptor->keys) {
        EXPECT_TRUE(key.name.starts_with(std::string(descriptor->name) + ".")) << key.name;
        EXPECT_FALSE(key.help.empty()) << key.name;
        bool const looks_secret = key.name.find("password") != key.name.npos || key.name.find("token") != key.name.npos;
        EXPECT_EQ(key.secret, looks_secret) << key.name;
    }
}

TEST_P(ChannelContract, AcceptedMessageIsSentWithTheProvidersId) {
    auto const outcome = send(Behaviour::accept);
    EXPECT_EQ(outcome.kind, OutcomeKind::sent) << outcome.code;
    EXPECT_FALSE(outcome.provider_id.empty());
}

TEST_P(ChannelContract, WhoCanBeAskedFindsWhatItSent) {
    provider->behave(Behaviour::accept);
    auto const adapter = make();
    auto const outcome = adapter->send(message());
    ASSERT_EQ(outcome.kind, OutcomeKind::sent);
    auto const found = adapter->look_up(message().id);
    EXPECT_EQ(found, adapter->can_look_up() ? std::optional(outcome.provider_id) : std::nullopt);
}

TEST_P(ChannelContract, BusyProviderMeansLater) {
    if (!provider->remote()) GTEST_SKIP() << "sends nothing";
    EXPECT_EQ(send(Behaviour::busy).kind, OutcomeKind::retry_later);
}

TEST_P(ChannelContract, UnreachableProviderMeansLater) {
    if (!provider->remote()) GTEST_SKIP() << "sends nothing";
    provider->configure_unreachable(settings);
    EXPECT_EQ(send(Behaviour::accept).kind, OutcomeKind::retry_later);
}

TEST_P(ChannelContract, RefusedRecipientIsRejectedAndSuppressed) {
    if (!provider->remote()) GTEST_SKIP() << "sends nothing";
    auto const outcome = send(Behaviour::refuse_recipient);
    EXPECT_EQ(outcome.kind, OutcomeKind::rejected);
    EXPECT_TRUE(outcome.suppress);
    EXPECT_FALSE(outcome.operator_fault);
}

TEST_P(ChannelContract, RefusedSenderIsTheOperatorsAndHurtsNoRecipient) {
    if (!provider->remote()) GTEST_SKIP() << "sends nothing";
    auto const outcome = send(Behaviour::refuse_us);
    EXPECT_EQ(outcome.kind, OutcomeKind::rejected);
    EXPECT_TRUE(outcome.operator_fault);
    EXPECT_FALSE(outcome.suppress);
}

TEST_P(ChannelContract, LostAnswerIsUnknownAndNeverRepeated) {
    if (!provider->remote()) GTEST_SKIP() << "sends nothing";
    auto const adapter = make();
    provider->behave(Behaviour::accept);
    ASSERT_EQ(adapter->send(message()).kind, OutcomeKind::sent);   // a connection may be kept now
    provider->behave(Behaviour::cut_after_request);
    auto const outcome = adapter->send(message());
    EXPECT_EQ(outcome.kind, adapter->idempotent() ? OutcomeKind::retry_later : OutcomeKind::unknown) << outcome.code;
    EXPECT_EQ(provider->received().size(), 2U);
}

TEST_P(ChannelContract, OutcomesHoldNoAddress) {
    for (auto const behaviour : {Behaviour::accept, Behaviour::busy, Behaviour::refuse_recipient, Behaviour::refuse_us}) {
        auto const outcome = send(behaviour);
        EXPECT_EQ(outcome.code.find(message().to), std::string::npos) << outcome.code;
        EXPECT_LE(outcome.code.size(), 32U);
    }
}

TEST_P(ChannelContract, SendsFromManyThreadsAtOnce) {
    provider->behave(Behaviour::accept);
    auto const adapter = make();
    std::atomic<int> sent = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            for (int turn = 0; turn < 5; ++turn) sent += adapter->send(message()).kind == OutcomeKind::sent ? 1 : 0;
        });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(sent, 20);
    EXPECT_EQ(provider->received().size(), provider->remote() ? 20U : 0U);
}

std::vector<std::string> names() {
    std::vector<std::string> out;
    for (auto const& descriptor : channel::channel_list()) out.emplace_back(descriptor.name);
    return out;
}

INSTANTIATE_TEST_SUITE_P(Every, ChannelContract, testing::ValuesIn(names()), [](auto const& adapter) { return adapter.param; });

}  // namespace
}  // namespace recoup::testing_channel
