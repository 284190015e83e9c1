// Every source under attack. What is true for all: damaged bytes never crash, never authenticate with a signature made
// for other bytes, and what authenticates parses to events of this shop and source or is refused.
#include "source_samples.hpp"

#include "core/codec/event_codec.hpp"
#include "recoup/base/random.hpp"

#include <algorithm>
#include <gtest/gtest.h>

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
    /// As ingest would go on with an authenticated request.
    void digest(HttpRequest const& http) const {
        auto const delivery = sample.source->parse(sample.request(http));
        if (!delivery) {
            EXPECT_TRUE(delivery.error().code == Errc::invalid || delivery.error().code == Errc::too_large);
            return;
        }
        EXPECT_LT(sample.source->answer(*delivery).status, 300);
        EXPECT_LE(delivery->items.size(), std::max(limits::batch_items, limits::segment_batch_items));
        for (auto const& item : delivery->items) {
            if (!item.event) continue;
            auto const& event = *item.event;
            EXPECT_EQ(event.shop_id, sample.shop.id);
            EXPECT_EQ(event.source, sample.source->name());
            EXPECT_TRUE(event.id.starts_with(event.source + ":"));
            EXPECT_LE(event.occurred_at, event.received_at);
            EXPECT_TRUE(core::decode_event(core::encode_event(event)).has_value());
        }
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

TEST_P(SourceContract, TheSameBytesMakeTheSameIds) {
    auto const first = sample.source->parse(sample.request(sample.http));
    auto const second = sample.source->parse(sample.request(sample.http));
    for (std::size_t i = 0; i < first->items.size(); ++i) EXPECT_EQ(first->items[i].event->id, second->items[i].event->id);
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
        if (sample.signs_body) { EXPECT_FALSE(authentic(http)) << size; }
        digest(http);
    }
}

TEST_P(SourceContract, EveryFlippedBitIsNoticedOrHarmless) {
    for (std::size_t bit = 0; bit < sample.http.body.size() * 8; bit += 3) {
        auto http = sample.http;
        http.body[bit / 8] = static_cast<char>(http.body[bit / 8] ^ (1 << (bit % 8)));
        // An escape may be written in either case, so a form's signature covers what it means, not how it is written.
        if (sample.signs_body && sample.signs_raw_bytes) { EXPECT_FALSE(authentic(http)) << bit; }
        digest(http);
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
             std::string{}, std::string(1000, '\0'), std::string("\xff\xfe{}"), std::string("{\"a\":\"\xc3\"}"),
             std::string("MessageSid=%ff%00&From=%2B1&Body=%"), std::string("=&=&&;%%%=%zz"), std::string("null"), std::string("[]"),
             std::string("{}"), std::string(R"({"events":{"a":1}})"), std::string(R"({"events":[[],{},1,null,"x"]})"),
             deep(1000, "[", "]"), deep(1000, R"({"events":[)", "]}"), std::string(60'000, '['),
             R"({"type":"cart.updated","data":{"cart_id":")" + std::string(50'000, 'x') + R"("}})",
             R"({"token":)" + std::string(50'000, '9') + R"(,"line_items":[{"price":1e99,"quantity":-1}]})",
         }) {
        auto http = sample.http;
        http.body = body;
        sample.sign(http);
        authentic(http);
        digest(http);
    }
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
