// Every source under attack. What is true for all: damaged bytes never crash, never authenticate with a signature made
// for other bytes, and what authenticates parses to events of this shop and source or is refused.
#include "contract/each_leaf.hpp"
#include "contract/source_promises.hpp"

#include "recoup/base/random.hpp"

#include <gtest/gtest.h>
#include <set>

namespace recoup {
namespace {

using test::Sample;

Result<Bytes> from_hex(std::string_view text) {
    Bytes bytes;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2)
        bytes.push_back(static_cast<std::uint8_t>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16)));
    return bytes;
}

class SourceContract : public testing::TestWithParam<std::size_t> {
protected:
    Sample sample{test::samples().at(GetParam())};

    bool authentic(HttpRequest const& http) const {
        return sample.source->authenticate(sample.request(http)).has_value();
    }
    void digest(HttpRequest const& http) const { EXPECT_EQ(test::broken_promise(sample, http), "") << http.body; }
    /// Signed by its sender, whatever it holds.
    void digest_signed(std::string body) const {
        auto http = sample.http;
        http.body = std::move(body);
        sample.sign(http);
        authentic(http);
        digest(http);
    }
    std::vector<std::string> ids(Instant received_at) const {
        auto request = sample.request(sample.http);
        request.received_at = received_at;
        auto const delivery = sample.source->parse(request);
        std::vector<std::string> found;
        for (auto const& item : delivery->items) found.push_back(item.event->id);
        return found;
    }
    bool authentic_at(std::string const& time) const {
        auto http = sample.http;
        sample.stamp(http, time);
        sample.sign(http);
        return authentic(http);
    }
};

TEST_P(SourceContract, ItsSampleIsAcceptedAndMakesEvents) {
    ASSERT_TRUE(authentic(sample.http));
    auto const delivery = sample.source->parse(sample.request(sample.http));
    ASSERT_TRUE(delivery.has_value());
    ASSERT_FALSE(delivery->items.empty());
    for (auto const& item : delivery->items) {
        ASSERT_TRUE(item.event.has_value());
        EXPECT_FALSE(std::holds_alternative<DeadLettered>(item.event->body));
    }
    digest(sample.http);
    EXPECT_FALSE(sample.source->secret_kinds().empty());
    EXPECT_GT(sample.source->body_limit(), sample.http.body.size());
    EXPECT_TRUE(sample.source->serves(sample.call));
    EXPECT_FALSE(sample.source->serves("v1/../admin"));
}

TEST_P(SourceContract, ADeliveryThatComesAgainMakesTheSameIds) {
    auto const first = ids(sample.received_at);
    EXPECT_EQ(ids(sample.received_at), first);
    EXPECT_EQ(ids(sample.received_at + std::chrono::hours{47}), first);
    EXPECT_EQ(std::set<std::string>(first.begin(), first.end()).size(), first.size());
}

TEST_P(SourceContract, NothingVouchesWithoutItsSecret) {
    auto stranger = sample.request(sample.http);
    stranger.secrets = {};
    EXPECT_FALSE(sample.source->authenticate(stranger));
    std::vector<ShopSecret> const wrong{{"demo", "x", sample.secrets[0].kind, "another-secret", never},
                                        {"demo", "x", "no-such-kind", sample.secrets[0].secret, never},
                                        {"demo", "x", sample.secrets[0].kind, "", never}};
    stranger.secrets = wrong;
    EXPECT_FALSE(sample.source->authenticate(stranger));
}

TEST_P(SourceContract, TruncationAtEveryByteIsHarmless) {
    for (std::size_t size = 0; size < sample.http.body.size(); ++size) {
        auto http = sample.http;
        http.body.resize(size);
        if (sample.signs_body) {
            EXPECT_FALSE(authentic(http)) << size;
        }
        digest(http);
    }
}

TEST_P(SourceContract, EveryFlippedBitIsNoticedOrHarmless) {
    for (std::size_t bit = 0; bit < sample.http.body.size() * 8; ++bit) {
        auto http = sample.http;
        http.body[bit / 8] = static_cast<char>(http.body[bit / 8] ^ (1 << (bit % 8)));
        // An escape may be written in either case, so a form's signature covers what it means, not how it is written.
        if (sample.signs_body && sample.signs_raw_bytes) {
            EXPECT_FALSE(authentic(http)) << bit;
        }
        digest(http);
    }
}

TEST_P(SourceContract, EveryFlippedBitOfAHeaderIsNoticedOrHarmless) {
    for (std::size_t place = 0; place < sample.http.headers.size(); ++place) {
        auto const& [name, value] = sample.http.headers[place];
        for (std::size_t bit = 0; bit < value.size() * 8; ++bit) {
            auto http = sample.http;
            auto& changed = http.headers[place].second;
            changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
            if (name == sample.signature_header) {
                EXPECT_FALSE(authentic(http)) << name << " " << bit;
            } else authentic(http);
            digest(http);
        }
    }
}

TEST_P(SourceContract, HostileBodiesAreHarmlessEvenWhenSigned) {
    auto const deep = [](std::size_t depth, std::string_view open, std::string_view close) {
        std::string text;
        for (std::size_t i = 0; i < depth; ++i) text += open;
        for (std::size_t i = 0; i < depth; ++i) text += close;
        return text;
    };
    for (std::string const& body : {
             std::string{},
             std::string(1000, '\0'),
             std::string("\xff\xfe{}"),
             std::string("{\"a\":\"\xc3\"}"),
             std::string("MessageSid=%ff%00&From=%2B1&Body=%"),
             std::string("=&=&&;%%%=%zz"),
             std::string("null"),
             std::string("[]"),
             std::string("{}"),
             std::string(R"({"events":{"a":1}})"),
             std::string(R"({"events":[[],{},1,null,"x"]})"),
             deep(1000, "[", "]"),
             deep(1000, R"({"events":[)", "]}"),
             std::string(60'000, '['),
             R"({"type":"cart.updated","data":{"cart_id":")" + std::string(50'000, 'x') + R"("}})",
             R"({"token":)" + std::string(50'000, '9') + R"(,"line_items":[{"price":1e99,"quantity":-1}]})",
         }) {
        digest_signed(body);
    }
}

TEST_P(SourceContract, NumbersAtTheirEdgesAreHarmlessInEveryField) {
    for (std::string_view const number : {"9223372036854775807",
                                          "9223372036854775808",
                                          "-9223372036854775808",
                                          "-9223372036854775809",
                                          "18446744073709551615",
                                          "18446744073709551616",
                                          "1e400",
                                          "-1e400",
                                          "1e-400",
                                          "1e308",
                                          "-0",
                                          "-1",
                                          "0.1e1",
                                          "90071992547409.93",
                                          "99999999999999.99",
                                          "253402300800",
                                          "-62135596800",
                                          "\"9223372036854775808\"",
                                          "\"1e400\"",
                                          "\"-0.001\"",
                                          "\"NaN\"",
                                          "\"9999-12-31T23:59:60+23:59\"",
                                          "\"0000-00-00T00:00:00Z\"",
                                          "\"1970-01-01T00:00:00+23:59\""})
        for (auto& body : test::with_each_leaf(sample.http.body, number)) digest_signed(std::move(body));
}

TEST_P(SourceContract, ValuesOfAnotherKindAreHarmlessInEveryField) {
    auto const nested = std::string(1000, '[') + std::string(1000, ']'),
               shallow = std::string(40, '[') + std::string(40, ']');
    for (std::string const& value :
         {std::string("null"), std::string("true"), std::string("[]"), std::string("{}"), std::string("[[],{},null]"),
          std::string(R"("")"), std::string(R"("\u0000")"), std::string(R"("a\u0000b\u001f\u007f")"),
          std::string("\"a\0b\"", 5), std::string("\"\xff\""), std::string("\"\xed\xa0\x80\""),
          std::string("\"\xc0\xaf\""), std::string("\"\xf4\x90\x80\x80\""), std::string(R"("\ud800")"), nested, shallow,
          "\"" + std::string(5000, 'x') + "\"", R"({"a":)" + nested + "}"})
        for (auto& body : test::with_each_leaf(sample.http.body, value)) digest_signed(std::move(body));
}

TEST_P(SourceContract, AByteThatIsNoTextIsHarmlessEverywhere) {
    for (char const byte : {'\0', '\xff', '\xc3', '\x80', '\x01'})
        for (std::size_t at = 0; at <= sample.http.body.size(); ++at) {
            auto body = sample.http.body;
            digest_signed(body.insert(at, 1, byte));
        }
}

/// Which of two members of one name is meant is for the sender to say; we take the first, always.
TEST_P(SourceContract, ANameThatComesTwiceMeansItsFirst) {
    for (std::string_view const raw : {"null", "1", R"("other@example.com")", "[]", "{}"})
        for (auto const& body : test::with_each_object_doubled(sample.http.body, raw)) {
            auto http = sample.http;
            http.body = body;
            auto const meant = sample.source->parse(sample.request(sample.http)),
                       read = sample.source->parse(sample.request(http));
            ASSERT_TRUE(read.has_value()) << body;
            ASSERT_EQ(read->items.size(), meant->items.size()) << body;
            for (std::size_t i = 0; i < read->items.size(); ++i) {
                EXPECT_EQ(read->items[i].event->keys, meant->items[i].event->keys) << body;
                EXPECT_EQ(read->items[i].event->topic, meant->items[i].event->topic) << body;
                EXPECT_EQ(read->items[i].event->body.index(), meant->items[i].event->body.index()) << body;
                EXPECT_EQ(read->items[i].event->occurred_at, meant->items[i].event->occurred_at) << body;
            }
            digest_signed(body);
        }
}

TEST_P(SourceContract, ATimeBeyondTheToleranceIsRefused) {
    if (!sample.stamp) GTEST_SKIP() << "the scheme signs no time";
    auto const now = to_millis(sample.received_at) / 1000;
    for (auto const seconds : {0, 1, -1, 299, -299, 300, -300})
        EXPECT_TRUE(authentic_at(std::to_string(now + seconds))) << seconds;
    for (auto const seconds : {301, -301, 3600, -3600, 86400 * 365, -86400 * 365})
        EXPECT_FALSE(authentic_at(std::to_string(now + seconds))) << seconds;
    auto const text = std::to_string(now);
    for (auto const& time : {std::string(), std::string("0"), std::string("-1"), "+" + text, " " + text, text + " ",
                             text + ".0", text + "abc", "0x" + text, text + "000", std::string("9223372036854775808"),
                             std::string("1e9"), std::string("now")})
        EXPECT_FALSE(authentic_at(time)) << time;
}

TEST_P(SourceContract, ASignatureIsForOneTimeOnly) {
    if (!sample.stamp) GTEST_SKIP() << "the scheme signs no time";
    auto http = sample.http;
    sample.stamp(http, std::to_string(to_millis(sample.received_at) / 1000 + 1));
    auto const right = std::string(sample.http.header(sample.signature_header)).substr(sample.signature_prefix.size());
    for (auto& [name, value] : http.headers)
        if (name == sample.signature_header && value.ends_with("v1="))
            value += right;  // the header that holds the time too
    EXPECT_FALSE(authentic(http));
}

TEST_P(SourceContract, SignaturesOfEveryOtherLengthAreRefused) {
    if (sample.signature_header.empty()) GTEST_SKIP() << "a public key, not a signature";
    SeededRandom random(11);
    for (std::size_t size = 0; size <= 80; ++size) {
        Bytes bytes(size);
        random.fill(bytes);
        auto http = sample.http;
        for (auto& [name, value] : http.headers)
            if (name == sample.signature_header) value = sample.signature_prefix + sample.signature_text(bytes);
        EXPECT_FALSE(authentic(http)) << size;
    }
    auto http = sample.http;
    for (auto& [name, value] : http.headers)
        if (name == sample.signature_header) value.clear();
    EXPECT_FALSE(authentic(http));
}

TEST_P(SourceContract, Cve2024x21491ASignatureThatIsOnlyTheBeginningOfTheRightOneIsRefusedAtEveryLength) {
    if (sample.signature_header.empty()) GTEST_SKIP() << "a public key, not a signature";
    std::string const right(sample.http.header(sample.signature_header));
    auto const with = [&](std::string value) {
        auto http = sample.http;
        for (auto& [name, held] : http.headers)
            if (name == sample.signature_header) held = std::move(value);
        return authentic(http);
    };
    ASSERT_TRUE(with(right));
    for (std::size_t size = 0; size < right.size(); ++size) EXPECT_FALSE(with(right.substr(0, size))) << size;
    auto const text = right.substr(sample.signature_prefix.size());
    auto bytes = from_base64(text);
    if (!bytes || sample.signature_text(*bytes) != text) bytes = from_hex(text);
    for (std::size_t size = 0; size < bytes->size(); ++size) {
        Bytes const part(bytes->begin(), bytes->begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_FALSE(with(sample.signature_prefix + sample.signature_text(part))) << size;
    }
    auto longer = *bytes;
    longer.push_back(0);
    EXPECT_FALSE(with(sample.signature_prefix + sample.signature_text(longer)));
}

INSTANTIATE_TEST_SUITE_P(AllSources, SourceContract, testing::Range<std::size_t>(0, source::all_sources().size()),
                         [](auto const& about) { return std::string(source::all_sources()[about.param]->name()); });

}  // namespace
}  // namespace recoup
