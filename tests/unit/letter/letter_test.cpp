#include "core/letter/letter.hpp"

#include "recoup/base/limits.hpp"
#include "recoup/domain/world.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace recoup::core {
namespace {

bool names_key(std::vector<std::string> const& hashes, KeyKind kind, std::string_view value) {
    auto const hash = key_hash("demo", *make_key(kind, value, "US"));
    return std::find(hashes.begin(), hashes.end(), hash) != hashes.end();
}

TEST(LetterHeaders, OnlyWhatParsingReadsIsKept) {
    auto const kept = kept_headers({{"Content-Type", "application/json"},
                                    {"X-Shopify-Topic", "carts/update"},
                                    {"X-Shopify-Hmac-Sha256", "hush"},
                                    {"shopify-webhook-id", "w1"},
                                    {"X-WC-Webhook-Signature", "hush"},
                                    {"X-WC-Webhook-Topic", "order.created"},
                                    {"Webhook-Id", "msg_1"},
                                    {"Webhook-Signature", "hush"},
                                    {"Authorization", "Bearer hush"},
                                    {"Cookie", "hush"},
                                    {"Stripe-Signature", "hush"},
                                    {"ce-authtoken", "hush"},
                                    {"ce-type", "cart.updated"},
                                    {"X-Recoup-Key", "hush"},
                                    {"X-Forwarded-For", "192.0.2.1"},
                                    {"Content-Encoding", "gzip"}});
    std::vector<std::string> names;
    for (auto const& [name, value] : kept) {
        names.push_back(name);
        EXPECT_EQ(value.find("hush"), std::string::npos) << name;
    }
    EXPECT_EQ(names, (std::vector<std::string>{"content-type", "x-shopify-topic", "shopify-webhook-id",
                                               "x-wc-webhook-topic", "webhook-id", "ce-type"}));
}

TEST(LetterNames, WhoeverSeemsToBeNamedIsFound) {
    auto const in_json = names_in(
        "demo", R"({"email":"Jane.Doe+x@Example.com","phone":"+1 (555) 012-3456","id":706405506930370084})", {});
    EXPECT_TRUE(names_key(in_json, KeyKind::email, "jane.doe+x@example.com"));
    EXPECT_TRUE(names_key(in_json, KeyKind::phone, "+15550123456"));
    EXPECT_TRUE(names_key(in_json, KeyKind::customer_id, "706405506930370084"));
    auto const in_form = names_in("demo", "From=%2B15550123456&To=a&mail=jane%40example.com.", {});
    EXPECT_TRUE(names_key(in_form, KeyKind::email, "jane@example.com"));
    EXPECT_TRUE(names_key(in_form, KeyKind::phone, "+15550123456"));
    EXPECT_TRUE(names_key(names_in("demo", "", {{KeyKind::cart_token, "tok"}}), KeyKind::cart_token, "tok"));
    EXPECT_TRUE(names_in("demo", "nobody @ here, 1 2 3", {}).empty());
    std::string many;
    for (int i = 0; i < 1000; ++i) many += "a" + std::to_string(i) + "@example.com ";
    EXPECT_EQ(names_in("demo", many, {}).size(), limits::letter_names);
}

TEST(LetterShape, SaysWhatThereIsAndNothingOfIt) {
    EXPECT_EQ(shape_of(R"({"email":"jane@example.com","n":12345678,"on":true,"none":null,"lines":[{"a":""}]})"),
              R"({"email":"<16 bytes>","n":"<number>","on":true,"none":null,"lines":[{"a":"<0 bytes>"}]})");
    EXPECT_EQ(shape_of("From=jane"), "<9 bytes>");
    EXPECT_EQ(shape_of("\"jane\""), "<6 bytes>");
    EXPECT_EQ(shape_of(R"({"jane@example.com":1})"), R"({"<address>":"<number>"})");
    EXPECT_EQ(shape_of(std::string(100'000, '[') + std::string(100'000, ']')).find("jane"), std::string::npos);
}

TEST(Letters, AreOfTheSameIdEveryTimeAndCutWhenTooLarge) {
    Event event;
    event.shop_id = "demo";
    event.id = letter_event_id("shopify:1");
    DeadLettered body;
    body.raw = std::string(limits::letter_bytes + 1, ' ') + "jane@example.com";
    event.body = body;
    auto const letter = letter_of(event), again = letter_of(event);
    EXPECT_EQ(letter.id, again.id);
    EXPECT_TRUE(letter.cut);
    EXPECT_EQ(letter.raw.size(), limits::letter_bytes);
    EXPECT_EQ(letter.raw_bytes, static_cast<std::int64_t>(body.raw.size()));
    EXPECT_TRUE(names_key(letter.key_hashes, KeyKind::email, "jane@example.com")) << "also in what was cut off";
    EXPECT_EQ(replayed_event_id(event.id), "shopify:1");
    EXPECT_EQ(replayed_event_id("shopify:1"), "shopify:1") << "of versions that did not mark them";
}

}  // namespace
}  // namespace recoup::core
