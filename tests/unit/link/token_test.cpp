#include "core/link/permalink.hpp"
#include "core/link/token.hpp"
#include "core/link/url.hpp"

#include <gtest/gtest.h>

namespace recoup::core {
namespace {

LinkKey const ours = link_key(1, "0123456789abcdef0123456789abcdef");
Instant const now = instant_from_seconds(1795169100);
LinkClaims const claims{"demo", "m_abcdefgh12345678", LinkPurpose::restore, 3, now + Seconds{60}};

TEST(LinkToken, ReadsBackWhatWasSigned) {
    auto const token = sign(claims, ours);
    EXPECT_LE(token.size(), 80U);
    EXPECT_EQ(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"), std::string::npos);
    auto const read = verify(token, {{ours}}, now);
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, claims);
    EXPECT_EQ(link_url("https://r.example", claims, ours), "https://r.example/r/" + token);
}

// CVE-2023-2986: recovery links made with a key that every installation shared could be forged.
TEST(LinkToken, Cve20232986ForgedWithAnotherInstallationsKeyIsRefused) {
    for (auto const* foreign : {"fedcba9876543210fedcba9876543210", "0123456789abcdef0123456789abcdeg"}) {
        auto const read = verify(sign(claims, link_key(1, foreign)), {{ours}}, now);
        ASSERT_FALSE(read);
        EXPECT_EQ(read.error().code, Errc::unauthorized);
    }
    EXPECT_FALSE(verify(sign(claims, ours), {}, now));
    EXPECT_FALSE(verify(sign(claims, link_key(2, "0123456789abcdef0123456789abcdef")), {{ours}}, now));
}

TEST(LinkToken, Cve20232986EveryChangedBitIsRefused) {
    auto const token = sign(claims, ours);
    auto const bytes = *from_base64url(token);
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
        auto changed = bytes;
        changed[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
        EXPECT_FALSE(verify(to_base64url(changed), {{ours}}, now)) << bit;
    }
    for (std::size_t size = 0; size < token.size(); ++size) EXPECT_FALSE(verify(token.substr(0, size), {{ours}}, now));
    EXPECT_FALSE(verify(token + "A", {{ours}}, now));
    EXPECT_FALSE(verify(token + "=", {{ours}}, now));
    EXPECT_FALSE(verify(std::string(100000, 'A'), {{ours}}, now));
}

TEST(LinkToken, ExpiresAndSaysSo) {
    auto const read = verify(sign(claims, ours), {{ours}}, now + Seconds{60});
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, Errc::not_found);
}

TEST(LinkToken, OldKeyStillVerifiesWhileRotating) {
    std::vector const keys{link_key(2, "new-key-new-key-new-key"), ours};
    EXPECT_TRUE(verify(sign(claims, ours), keys, now));
    EXPECT_TRUE(verify(sign(claims, keys[0]), keys, now));
}

TEST(LinkToken, UnsubscribeOutlivesTheLaw) {
    EXPECT_GE(link_life(LinkPurpose::unsubscribe), std::chrono::days{60});
}

TEST(HttpHost, TakesOnlyWhatAllBrowsersReadAlike) {
    EXPECT_EQ(http_host("https://Shop.Example:8443/a?b=@c"), "shop.example");
    EXPECT_EQ(http_host("http://shop.example"), "shop.example");
    for (auto const* bad : {"", "//evil.example", "javascript:alert(1)", "https://", "https:/evil.example", "ftp://a.b",
                            "https://shop.example@evil.example/", "https://shop.example:x@evil.example", "https://a\\b.example",
                            "https://shop.example/\r\nSet-Cookie: a", "https://[::1]/", "https://sh op.example", " https://a.b",
                            "https://evil.example\\@shop.example/", "https://sh\xc3\xb6p.example/"})
        EXPECT_FALSE(http_host(bad)) << bad;
}

TEST(LinkTarget, PrefersTheStoresOwnLink) {
    Shop shop;
    shop.domain = "demo.example";
    Cart cart;
    Line line;
    line.variant_id = "42";
    line.quantity = 2;
    cart.content.value.lines = {line, line};
    EXPECT_EQ(link_target(shop, {.cart = &cart}, "SAVE10"), "https://demo.example/cart/42:2,42:2?discount=SAVE10");
    EXPECT_EQ(link_target(shop, {.cart = &cart}, "A&b=c"), "https://demo.example/cart/42:2,42:2");
    cart.content.value.lines[1].variant_id = "../x";
    EXPECT_EQ(link_target(shop, {.cart = &cart}), "https://demo.example/cart");
    cart.recovery_url.value = "https://checkout.example/r/1";
    EXPECT_EQ(link_target(shop, {.cart = &cart}), "https://checkout.example/r/1");
    cart.recovery_url.value = "javascript:alert(1)";
    EXPECT_EQ(link_target(shop, {.cart = &cart}), "https://demo.example/cart");
    Subscription subscription;
    EXPECT_EQ(link_target(shop, {.subscription = &subscription}), "https://demo.example");
    subscription.recovery_url.value = "https://demo.example/plans";
    EXPECT_EQ(link_target(shop, {.subscription = &subscription}), "https://demo.example/plans");
}

TEST(LinkTarget, WhatWasLookedAtIsNotPutIntoACart) {
    Shop shop;
    shop.domain = "demo.example";
    Cart seen;
    seen.stage = Stage::browse;
    seen.content.value.lines.resize(2);
    seen.content.value.lines[0].variant_id = "42";
    EXPECT_EQ(link_target(shop, {.cart = &seen}), "https://demo.example");
    seen.content.value.lines[1].url = "https://demo.example/products/hat";
    EXPECT_EQ(link_target(shop, {.cart = &seen}), "https://demo.example/products/hat");
}

}  // namespace
}  // namespace recoup::core
