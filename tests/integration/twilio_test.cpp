// The twilio adapter against a local server that checks what Twilio checks: path, form, basic auth.

#include "adapter/http_client/curl_client.hpp"
#include "support/channel_providers.hpp"

#include <gtest/gtest.h>

namespace recoup::testing_channel {
namespace {

struct Twilio : testing::Test {
    std::unique_ptr<Provider> provider = make_provider("twilio");
    Settings settings = default_settings();
    http::CurlClient http;
    ManualClock clock{instant_from_seconds(1795169100)};
    Message message;

    Twilio() {
        provider->configure(settings);
        message.id = "m_abcdefgh12345678";
        message.shop_id = "demo";
        message.channel = Channel::sms;
        message.to = "+15551234567";
        message.from = "+15557654321";
        message.content.text = "Zoë & Co: 100% / https://r.example/r/t?x=1\nReply STOP";
    }
    Outcome send() {
        auto const adapter = channel::find_channel("twilio")->make({settings, http, clock, "https://r.example"});
        return adapter ? (*adapter)->send(message) : Outcome::unknown(adapter.error().message);
    }
    std::string request() {
        send();
        return provider->received().back();
    }
};

bool holds(std::string const& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST_F(Twilio, PostsTheFormThatTwilioDocuments) {
    auto const sent = request();
    EXPECT_TRUE(sent.starts_with("POST /2010-04-01/Accounts/AC0123/Messages.json HTTP/1.1\r\n")) << sent;
    EXPECT_TRUE(holds(sent, "Authorization: Basic QUMwMTIzOnR3aWxpby1zZWNyZXQ=\r\n"));   // AC0123:twilio-secret
    EXPECT_TRUE(holds(sent, "Content-Type: application/x-www-form-urlencoded\r\n"));
    EXPECT_TRUE(holds(sent, "To=%2B15551234567&From=%2B15557654321&"));
    EXPECT_TRUE(holds(sent, "&Body=Zo%C3%AB%20%26%20Co%3A%20100%25%20%2F%20https%3A%2F%2Fr.example%2Fr%2Ft%3Fx%3D1%0AReply%20STOP&"));
    EXPECT_TRUE(holds(sent, "&ValidityPeriod=3600"));
    EXPECT_TRUE(holds(sent, "&StatusCallback=https%3A%2F%2Fr.example%2Fwebhooks%2Fdemo%2Ftwilio%3Fmessage%3Dm_abcdefgh12345678"));
}

TEST_F(Twilio, MessagingServiceReplacesTheSender) {
    set_text(settings, "twilio.messaging_service_sid", "MG777");
    auto const sent = request();
    EXPECT_TRUE(holds(sent, "MessagingServiceSid=MG777"));
    EXPECT_FALSE(holds(sent, "From=%2B"));
}

TEST_F(Twilio, CallbacksCanBeLeftOut) {
    set_text(settings, "twilio.status_callbacks", "false");
    EXPECT_FALSE(holds(request(), "StatusCallback"));
}

TEST_F(Twilio, DocumentedErrorsBecomeOutcomes) {
    provider->behave(Behaviour::busy);
    EXPECT_EQ(send().retry_after, Seconds{7});
    provider->behave(Behaviour::refuse_recipient);
    auto const stopped = send();
    EXPECT_TRUE(stopped.suppress);
    EXPECT_EQ(stopped.code, "21610");
}

TEST_F(Twilio, MissingOrOddSettingsNameTheirKey) {
    for (auto const& [key, value] : std::map<std::string, std::string>{{"twilio.account_sid", ""}, {"twilio.auth_token", ""},
                                                                       {"twilio.base_url", "file:///etc/passwd"},
                                                                       {"twilio.validity", "20h"}}) {
        auto odd = settings;
        set_text(odd, key, value);
        auto const made = channel::find_channel("twilio")->make({odd, http, clock, ""});
        ASSERT_FALSE(made) << key;
        EXPECT_TRUE(made.error().message.starts_with(key)) << made.error().message;
    }
}

TEST(CurlClient, TellsNotSentFromUnanswered) {
    http::CurlClient client;
    HttpCall call;
    call.url = "file:///etc/passwd";
    EXPECT_EQ(client.send(call).kind, HttpAnswer::Kind::not_sent);
    call.url = "http://127.0.0.1:1/";
    EXPECT_EQ(client.send(call).kind, HttpAnswer::Kind::not_sent);
    call.headers = {{"X-A", "b\r\nX-C: d"}};
    EXPECT_EQ(client.send(call).kind, HttpAnswer::Kind::not_sent);
}

}  // namespace
}  // namespace recoup::testing_channel
