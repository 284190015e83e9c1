#include "core/mime/message.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace recoup::core {
namespace {

Message example() {
    Message message;
    message.id = "m_abcdefgh12345678";
    message.to = "ann@example.com";
    message.to_name = "Ann, the \"Great\"";
    message.from = "Café Démo <hello@shop.example>";
    message.reply_to = "help@shop.example";
    message.content = {"Your cart is saved", "Hello,\n.\n.starts with a dot\nend  ", "<p>Grüße</p>"};
    message.unsubscribe_url = "https://r.example/u/token";
    message.list_id = "recovery.shop.example";
    message.feedback_id = "cart:demo:reminder:recoup";
    message.date = instant_from_seconds(1795169100);
    return message;
}

std::size_t longest_line(std::string_view bytes) {
    std::size_t longest = 0;
    while (!bytes.empty()) {
        auto const end = std::min(bytes.find("\r\n"), bytes.size());
        longest = std::max(longest, end);
        bytes.remove_prefix(std::min(end + 2, bytes.size()));
    }
    return longest;
}

TEST(MailMessage, CarriesWhatBulkSendersMust) {
    auto const bytes = build_message(example());
    ASSERT_TRUE(bytes) << bytes.error().message;
    for (auto const* line :
         {"From: =?UTF-8?B?Q2Fmw6kgRMOpbW8=?= <hello@shop.example>\r\n",
          "To: \"Ann, the \\\"Great\\\"\" <ann@example.com>\r\n", "Reply-To: help@shop.example\r\n",
          "Subject: Your cart is saved\r\n", "Date: Fri, 20 Nov 2026 10:05:00 +0000\r\n",
          "Message-ID: <m_abcdefgh12345678@shop.example>\r\n", "List-Unsubscribe: <https://r.example/u/token>\r\n",
          "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", "List-Id: <recovery.shop.example>\r\n",
          "Feedback-ID: cart:demo:reminder:recoup\r\n", "X-Entity-Ref-ID: m_abcdefgh12345678\r\n", "MIME-Version: 1.0\r\n"})
        EXPECT_NE(("\r\n" + *bytes).find(std::string("\r\n") + line), std::string::npos) << line << *bytes;
    EXPECT_LT(bytes->find("text/plain"), bytes->find("text/html"));
    EXPECT_EQ(bytes->find("\r\n."), std::string::npos);
    EXPECT_LE(longest_line(*bytes), 998U);
    EXPECT_EQ(*bytes, *build_message(example()));
}

// Mailpit's advisories: header injection through To, From and Subject.
TEST(MailMessage, RefusesLineBreaksInEveryHeader) {
    for (auto const& evil : {std::string("x\r\nBcc: v@evil.example"), std::string("x\nBcc: v"), std::string("x\0y", 3)}) {
        for (auto const change : std::initializer_list<void (*)(Message&, std::string const&)>{
                 [](Message& m, std::string const& e) { m.content.subject = e; },
                 [](Message& m, std::string const& e) { m.to_name = e; },
                 [](Message& m, std::string const& e) { m.to = e + "@example.com"; },
                 [](Message& m, std::string const& e) { m.from = e + " <a@example.com>"; },
                 [](Message& m, std::string const& e) { m.reply_to = e; },
                 [](Message& m, std::string const& e) { m.unsubscribe_url = "https://a/" + e; },
                 [](Message& m, std::string const& e) { m.list_id = e; },
                 [](Message& m, std::string const& e) { m.feedback_id = e; },
                 [](Message& m, std::string const& e) { m.id = e; }}) {
            auto message = example();
            change(message, evil);
            EXPECT_FALSE(build_message(message));
        }
    }
}

TEST(MailHeader, EncodesAtCodePointsWithin76) {
    std::string subject;
    for (int i = 0; i < 60; ++i) subject += "ж🧢";
    auto const field = *text_field("Subject", subject);
    EXPECT_LE(longest_line(field), 76U);
    std::string_view rest(field);
    int words = 0;
    for (auto at = rest.find("=?UTF"); at != rest.npos; at = rest.find("=?UTF", at + 10), ++words) {
        auto const word = rest.substr(at, rest.find("?=", at + 10) + 2 - at);
        EXPECT_LE(word.size(), 75U);
        EXPECT_EQ(word.size() % 4, 0U);   // 12 of frame and whole base64 groups: no word cuts a character
    }
    EXPECT_GT(words, 3);
}

TEST(MailHeader, FoldsLongAsciiAndEncodesWhatLooksEncoded) {
    std::string text;
    for (int i = 0; i < 40; ++i) text += (i == 0 ? "" : " ") + std::string("word");
    auto field = *text_field("Subject", text);
    EXPECT_LE(longest_line(field), 78U);
    for (auto at = field.find("\r\n "); at != std::string::npos; at = field.find("\r\n ")) field.erase(at, 2);
    EXPECT_EQ(field, "Subject: " + text + "\r\n");
    EXPECT_NE(text_field("Subject", "=?UTF-8?Q?x?=")->find("=?UTF-8?B?"), std::string::npos);
}

TEST(MailHeader, ReadsMailboxes) {
    EXPECT_EQ(parse_mailbox("a@b.example")->address, "a@b.example");
    EXPECT_EQ(parse_mailbox("\"Sons, Inc.\" <a@b.example>")->name, "Sons, Inc.");
    for (auto const* bad : {"", "a", "a@", "@b", "a@b@c", "a b@c", "<a@b", "a@b>,c@d"}) EXPECT_FALSE(parse_mailbox(bad)) << bad;
}

TEST(QuotedPrintable, KeepsLinesShortAndExact) {
    EXPECT_EQ(quoted_printable("a=b\r\nc \nd\t"), "a=3Db\r\nc=20\r\nd=09");
    EXPECT_EQ(quoted_printable("."), "=2E");
    EXPECT_EQ(quoted_printable("é"), "=C3=A9");
    EXPECT_LE(longest_line(quoted_printable(std::string(5000, 'x') + std::string(500, '='))), 76U);
}

}  // namespace
}  // namespace recoup::core
