// The smtp adapter against npm's smtp-server, read back by mailparser.

#include "adapter/channel/list.hpp"
#include "adapter/http_client/curl_client.hpp"
#include "integration/smtp_sink.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace recoup::testing_smtp {
namespace {

Message example() {
    Message message;
    message.id = "m_abcdefgh12345678";
    message.to = "ann@example.com";
    message.to_name = "Zoë \"Z\" O'Neil";
    message.from = "Café Démo <hello@shop.example>";
    message.reply_to = "help@shop.example";
    message.content.subject = "Zoë, dein Warenkorb 🧢 wartet noch eine ganze Weile auf dich, bis er geleert wird";
    message.content.text = "Hallo Zoë,\n\n.\n.dots and = signs\nhttps://r.example/r/" + std::string(300, 't') + "\nend";
    message.content.html = "<p>Grüße &amp; " + std::string(2000, 'x') + "</p>\n";
    message.unsubscribe_url = "https://r.example/u/" + std::string(70, 'u');
    message.list_id = "recovery.shop.example";
    message.feedback_id = "cart:demo:reminder:recoup";
    message.date = instant_from_seconds(1795169100);
    return message;
}

struct Smtp : testing::Test {
    Settings settings;
    http::CurlClient http;
    ManualClock clock{instant_from_seconds(1795169100)};

    std::unique_ptr<ChannelAdapter> adapter(SmtpSink const& sink, std::map<std::string, std::string> const& changes = {}) {
        auto const* descriptor = channel::find_channel("smtp");
        for (auto const& key : descriptor->keys) settings.set(key.name, {key.type, std::string(key.default_value), "default"});
        auto values = changes;
        values.insert({{"smtp.host", "127.0.0.1"}, {"smtp.port", std::to_string(sink.port())}, {"smtp.security", "none"}});
        for (auto const& [name, text] : values) settings.set(name, {settings.all().find(name)->second.type, text, "flag"});
        auto made = descriptor->make({settings, http, clock, ""});
        EXPECT_TRUE(made);
        return std::move(*made);
    }
};

std::string header(nlohmann::json const& mail, std::string const& key) {
    std::string found;
    for (auto const& entry : mail["headers"])
        if (entry["key"] == key) found += (found.empty() ? "" : "|") + entry["line"].get<std::string>();
    return found;
}

constexpr auto missing = "the sink did not start: run `npm ci` in tests/third_party_clients";

TEST_F(Smtp, RealServerReadsWhatWasMeant) {
    SmtpSink sink;
    ASSERT_NE(sink.port(), 0) << missing;
    auto const message = example();
    auto const outcome = adapter(sink)->send(message);
    ASSERT_EQ(outcome.kind, OutcomeKind::sent) << outcome.code;
    EXPECT_EQ(outcome.provider_id, "<m_abcdefgh12345678@shop.example>");

    auto const mail = sink.next();
    EXPECT_EQ(mail["envelope"]["from"], "hello@shop.example");
    EXPECT_EQ(mail["envelope"]["to"], nlohmann::json::array({"ann@example.com"}));
    EXPECT_EQ(mail["subject"], message.content.subject);
    EXPECT_EQ(mail["from"][0]["name"], "Café Démo");
    EXPECT_EQ(mail["to"][0]["name"], message.to_name);
    EXPECT_EQ(mail["reply_to"][0]["address"], "help@shop.example");
    EXPECT_EQ(mail["text"], message.content.text);
    auto html = mail["html"].get<std::string>();
    while (html.ends_with('\n') && !message.content.html.ends_with('\n')) html.pop_back();   // a part ends with a line end
    auto want = message.content.html;
    while (want.ends_with('\n') && !html.ends_with('\n')) want.pop_back();
    EXPECT_TRUE(html == want) << html.size() << " and " << want.size() << " bytes";
    EXPECT_EQ(mail["date"], "2026-11-20T10:05:00.000Z");
    EXPECT_EQ(mail["message_id"], outcome.provider_id);
    EXPECT_EQ(mail["content_type"], "multipart/alternative");
    EXPECT_EQ(header(mail, "list-unsubscribe"), "List-Unsubscribe: <" + message.unsubscribe_url + ">");
    EXPECT_EQ(header(mail, "list-unsubscribe-post"), "List-Unsubscribe-Post: List-Unsubscribe=One-Click");
    EXPECT_EQ(header(mail, "list-id"), "List-Id: <recovery.shop.example>");
    EXPECT_EQ(header(mail, "feedback-id"), "Feedback-ID: " + message.feedback_id);
    EXPECT_EQ(header(mail, "auto-submitted"), "");
    EXPECT_LE(mail["raw_longest_line"], 998);
    EXPECT_FALSE(mail["bare_line_feeds"]);
}

TEST_F(Smtp, OneConnectionCarriesManyMails) {
    SmtpSink sink;
    ASSERT_NE(sink.port(), 0) << missing;
    auto const smtp = adapter(sink);
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(smtp->send(example()).kind, OutcomeKind::sent);
        EXPECT_TRUE(sink.next().is_object());
    }
}

TEST_F(Smtp, LogsInAndMeansIt) {
    SmtpSink sink({"--user", "recoup", "--password", "s3cret"});
    ASSERT_NE(sink.port(), 0) << missing;
    auto const login = [&](std::string const& password) {
        return adapter(sink, {{"smtp.username", "recoup"}, {"smtp.password", password}})->send(example());
    };
    EXPECT_EQ(login("s3cret").kind, OutcomeKind::sent);
    auto const refused = login("wrong");
    EXPECT_EQ(refused.kind, OutcomeKind::rejected);
    EXPECT_TRUE(refused.operator_fault);
    EXPECT_EQ(refused.code.find("wrong"), std::string::npos);
}

TEST_F(Smtp, StarttlsWithAnUnknownCertificateSendsNothing) {
    SmtpSink sink;   // smtp-server brings a self-signed certificate
    ASSERT_NE(sink.port(), 0) << missing;
    auto const outcome = adapter(sink, {{"smtp.security", "starttls"}})->send(example());
    EXPECT_EQ(outcome.kind, OutcomeKind::rejected);
    EXPECT_TRUE(outcome.operator_fault);
}

TEST_F(Smtp, StarttlsThatIsNotOfferedSendsNothing) {
    SmtpSink sink({"--no-tls"});
    ASSERT_NE(sink.port(), 0) << missing;
    EXPECT_TRUE(adapter(sink, {{"smtp.security", "starttls"}})->send(example()).operator_fault);
}

TEST_F(Smtp, RealRepliesBecomeOutcomes) {
    auto const outcome_of = [this](std::string const& reply) {
        SmtpSink sink({"--reply", reply});
        return adapter(sink)->send(example());
    };
    EXPECT_TRUE(outcome_of("550 5.1.1 no such user").suppress);
    EXPECT_EQ(outcome_of("450 4.2.1 busy").kind, OutcomeKind::retry_later);
    EXPECT_TRUE(outcome_of("550 5.7.26 not authenticated").operator_fault);
}

}  // namespace
}  // namespace recoup::testing_smtp
