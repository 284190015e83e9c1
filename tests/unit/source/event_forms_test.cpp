// The other ways to send custom events: CloudEvents, NDJSON and gzip.
#include "sender.hpp"

#include "adapter/source/shared/content.hpp"

#include <zlib.h>

#include <algorithm>

namespace recoup {
namespace {

using test::body;
using test::has_key;
using test::Sender;

Sender sending(std::string content_type, std::string text) {
    Sender sender(source::events_source());
    sender.header("Content-Type", std::move(content_type));
    sender.http.body = std::move(text);
    return sender;
}

std::string gzipped(std::string_view text) {
    z_stream stream{};
    EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    std::string out(deflateBound(&stream, text.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

TEST(EventForms, ReadsAStructuredCloudEvent) {
    auto const event = sending("application/cloudevents+json; charset=utf-8",
                               R"({"specversion":"1.0","id":"7","source":"https://shop.example/a",
        "type":"cart.deleted","time":"2025-11-20T10:05:00Z","data":{"cart_id":"c1"}})")
                           .event();
    EXPECT_EQ(event.id + " " + event.topic, "events:https://shop.example/a#7 cart.deleted");
    EXPECT_EQ(to_rfc3339(event.occurred_at), "2025-11-20T10:05:00Z");
    body<CartDeleted>(event);
    auto const encoded =
        sending("application/cloudevents+json",
                R"({"specversion":"1.0","id":"7","source":"/s","type":"cart.deleted","data_base64":")" +
                    to_base64(as_bytes(R"({"cart_id":"c9"})")) + R"("})")
            .event();
    EXPECT_TRUE(has_key(encoded, KeyKind::cart_token, "c9"));
    for (std::string const wrong :
         {R"("specversion":"0.3","id":"7","source":"/s","type":"x","data":{})",
          R"("specversion":"1.0","source":"/s","type":"x","data":{})",
          R"("specversion":"1.0","id":"7","type":"x","data":{})",
          R"("specversion":"1.0","id":"7","source":"/s","data":{})",
          R"("specversion":"1.0","id":"7","source":"/s","type":"x","data":[])",
          R"("specversion":"1.0","id":"7","source":"/s","type":"x","data_base64":"?")",
          R"("specversion":"1.0","id":"7","source":"/s","type":"x","data":{},"time":"noon")"}) {
        auto const delivery = sending("application/cloudevents+json", "{" + wrong + "}").parse();
        EXPECT_FALSE(delivery && delivery->items.at(0).event) << wrong;
    }
    auto const batch = sending("application/cloudevents-batch+json",
                               R"([{"specversion":"1.0","id":"7","source":"/s","type":"x","data":{}},7])")
                           .parse();
    ASSERT_EQ(batch->items.size(), 2u);
    EXPECT_TRUE(batch->items[0].event && !batch->items[1].event);
}

Sender binary(std::vector<std::pair<std::string, std::string>> headers) {
    auto sender = sending("application/json", R"({"cart_id":"c1"})");
    for (auto& [name, value] : headers) sender.header(std::move(name), std::move(value));
    return sender;
}

TEST(EventForms, ReadsABinaryCloudEvent) {
    auto const event = binary({{"ce-specversion", "1.0"},
                               {"CE-ID", "a%20b%e2%82%AC"},
                               {"ce-source", "\"/the \\\"shop\\\"\""},
                               {"ce-type", "cart.deleted"},
                               {"ce-time", "2025-11-20T10:05:00Z"}})
                           .event();
    EXPECT_EQ(event.id, "events:" + to_hex(sha256("/the \"shop\"#a b\xe2\x82\xac")));
    EXPECT_EQ(to_rfc3339(event.occurred_at), "2025-11-20T10:05:00Z");
    EXPECT_TRUE(has_key(event, KeyKind::cart_token, "c1"));
    using Headers = std::vector<std::pair<std::string, std::string>>;
    for (Headers const& wrong :
         {Headers{{"ce-specversion", "1.0"}, {"ce-id", "%C0%A0"}, {"ce-source", "/s"}, {"ce-type", "x"}},
          Headers{{"ce-specversion", "2.0"}, {"ce-id", "1"}, {"ce-source", "/s"}, {"ce-type", "x"}},
          Headers{{"ce-specversion", "1.0"}, {"ce-id", "1"}, {"ce-type", "x"}},
          Headers{{"ce-id", "1"}, {"ce-source", "/s"}, {"ce-type", "x"}},
          Headers{{"ce-specversion", "1.0"}, {"ce-id", "1"}, {"ce-source", "/s"}, {"ce-type", "not a type"}},
          Headers{
              {"ce-specversion", "1.0"}, {"ce-id", "1"}, {"ce-source", "/s"}, {"ce-type", "x"}, {"ce-time", "noon"}}})
        EXPECT_EQ(binary(wrong).parse()->items.at(0).event.error().code, Errc::invalid) << wrong.at(1).second;
}

TEST(EventForms, AnswersTheHandshakeOfCloudEvents) {
    auto sender = sending("", "");
    EXPECT_EQ(sender.source->preflight(sender.request()).status, 405);
    sender.header("WebHook-Request-Origin", "events.shop.example");
    auto const answer = sender.source->preflight(sender.request());
    EXPECT_EQ(answer.status, 200);
    EXPECT_NE(std::find(answer.headers.begin(), answer.headers.end(),
                        std::pair<std::string, std::string>("WebHook-Allowed-Origin", "events.shop.example")),
              answer.headers.end());
}

TEST(EventForms, ReadsLinesEachByItself) {
    auto const sender = sending("application/x-ndjson",
                                "{\"id\":\"e1\",\"type\":\"cart.deleted\",\"data\":{\"cart_id\":\"c1\"}}\r\n\n  "
                                "\n{broken\n[]\n{\"type\":\"x\",\"data\":{}}");
    auto const delivery = *sender.parse();
    EXPECT_TRUE(delivery.batch);
    ASSERT_EQ(delivery.items.size(), 4u);
    EXPECT_EQ(delivery.items[0].id, "e1");
    EXPECT_FALSE(delivery.items[1].event);
    EXPECT_FALSE(delivery.items[2].event);
    EXPECT_TRUE(delivery.items[3].event);
    std::string many;
    for (int i = 0; i <= 500; ++i) many += "{}\n";
    EXPECT_EQ(sending("application/x-ndjson", many).parse().error().code, Errc::too_large);
    EXPECT_TRUE(sending("application/ndjson", "").parse()->items.empty());
}

TEST(EventForms, UnpacksGzipWithinItsBound) {
    std::string const plain = R"({"type":"cart.deleted","data":{"cart_id":"c1"}})";
    auto sender = sending("application/json", gzipped(plain));
    sender.header("Content-Encoding", "GZip");
    EXPECT_TRUE(has_key(sender.event(), KeyKind::cart_token, "c1"));
    for (std::size_t size = 0; size < sender.http.body.size(); ++size) {
        auto cut = sending("application/json", sender.http.body.substr(0, size));
        cut.header("Content-Encoding", "gzip");
        EXPECT_EQ(cut.parse().error().code, Errc::invalid) << size;
    }
    sender.http.body += "x";
    EXPECT_EQ(sender.parse().error().code, Errc::invalid);
    sender.http.body = plain;
    sender.http.headers[1].second = "br";
    EXPECT_EQ(sender.parse().error().code, Errc::invalid);
    sender.http.headers[1].second = "identity";
    EXPECT_TRUE(sender.parse().has_value());
}

TEST(EventForms, ABombStopsAtTheBound) {
    HttpRequest http;
    http.headers = {{"Content-Encoding", "gzip"}};
    http.body = gzipped(std::string(50'000'000, ' '));
    std::string room;
    auto const content = source::content_of(http, 100'000, room);
    ASSERT_FALSE(content);
    EXPECT_EQ(content.error().code, Errc::too_large);
    EXPECT_LE(room.size(), 100'000u + 64 * 1024);
    http.body = gzipped(std::string(100'000, ' '));
    EXPECT_EQ(source::content_of(http, 100'000, room)->size(), 100'000u);
    EXPECT_FALSE(source::content_of(http, 99'999, room));
}

TEST(EventForms, ASenderMaySignBeforeOrAfterItCompresses) {
    std::string const plain = R"({"type":"x","data":{}})";
    auto const packed = gzipped(plain);
    auto const with = [&](std::string_view what) {
        auto sender = sending("application/json", packed);
        sender.add_secret("hmac", "whsec_" + to_base64(as_bytes("a key of twenty-four byt")));
        auto const time = std::to_string(test::received_ms / 1000);
        sender.header("Content-Encoding", "gzip");
        sender.header("webhook-id", "m");
        sender.header("webhook-timestamp", time);
        sender.header("webhook-signature", "v1," + to_base64(hmac_sha256(as_bytes("a key of twenty-four byt"),
                                                                         "m." + time + "." + std::string(what))));
        return test::code_of(sender.authenticate());
    };
    EXPECT_EQ(with(plain), "ok");
    EXPECT_EQ(with(packed), "ok");
    EXPECT_EQ(with("something else"), "unauthorized");
}

}  // namespace
}  // namespace recoup
