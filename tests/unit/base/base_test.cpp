#include "recoup/base/digest.hpp"
#include "recoup/base/time.hpp"
#include "recoup/domain/identity.hpp"
#include "recoup/domain/money.hpp"

#include <gtest/gtest.h>

namespace recoup {
namespace {

TEST(Time, ReadsEveryOffsetShopifySends) {
    auto const want = parse_rfc3339("2026-11-20T10:05:02Z").value();
    EXPECT_EQ(parse_rfc3339("2026-11-20T05:05:02-05:00").value(), want);
    EXPECT_EQ(parse_rfc3339("2026-11-20T10:05:02+00:00").value(), want);
    EXPECT_EQ(parse_rfc3339("2026-11-20 15:35:02.000+0530").value(), want);
    EXPECT_EQ(parse_rfc3339("2026-11-20T10:05:02.344522Z").value(), want + Millis{344});
    EXPECT_EQ(to_rfc3339(want), "2026-11-20T10:05:02Z");
    EXPECT_EQ(to_rfc3339(want + Millis{7}), "2026-11-20T10:05:02.007Z");
}

TEST(Time, RefusesWhatIsNotATime) {
    for (auto const* text : {"", "2026-11-20", "2026-13-20T10:05:02Z", "2026-02-30T10:05:02Z", "2026-11-20T25:05:02Z",
                             "2026-11-20T10:05:02", "2026-11-20T10:05:02.Z", "2026-11-20T10:05:02+5", "1969-12-31T23:59:59Z",
                             "2026-11-20T10:05:02Zjunk", "+026-11-20T10:05:02Z"})
        EXPECT_FALSE(parse_rfc3339(text).has_value()) << text;
}

// Found by the source contract: an offset led to times below `never`, or with five digits for the year.
TEST(Time, StaysBetween1970And9999WhateverTheOffset) {
    EXPECT_EQ(parse_rfc3339("1970-01-01T23:59:00+23:59").value(), never);
    EXPECT_FALSE(parse_rfc3339("1970-01-01T00:00:00+23:59").has_value());
    EXPECT_EQ(to_rfc3339(parse_rfc3339("9999-12-31T23:59:59.999Z").value()), "9999-12-31T23:59:59.999Z");
    EXPECT_FALSE(parse_rfc3339("9999-12-31T23:59:60Z").has_value());
    EXPECT_FALSE(parse_rfc3339("9999-12-31T23:59:59-23:59").has_value());
}

TEST(Time, DurationsReadBackWhatTheyPrint) {
    for (auto const* text : {"250ms", "90s", "30m", "4h", "3d", "0s"})
        EXPECT_EQ(to_duration_text(parse_duration(text).value()), text);
    for (auto const* text : {"", "5", "-5s", "5 s", "1.5h", "s", "401d", "99999999999999999999s", "9223372036854775807d"})
        EXPECT_FALSE(parse_duration(text).has_value()) << text;
}

TEST(Money, KeepsEveryCentWithoutADouble) {
    EXPECT_EQ(parse_minor("421.88", "USD").value(), 42188);
    EXPECT_EQ(parse_minor("421.9", "USD").value(), 42190);
    EXPECT_EQ(parse_minor("1200", "JPY").value(), 1200);
    EXPECT_EQ(parse_minor("1200.00", "JPY").value(), 1200);
    EXPECT_EQ(parse_minor("1.2345", "KWD").value(), 1235);
    EXPECT_EQ(parse_minor("-0.005", "USD").value(), -1);
    EXPECT_EQ(parse_minor("89.994999", "USD").value(), 8999);
    EXPECT_EQ(decimal_text({5, "USD"}), "0.05");
    EXPECT_EQ(to_text({-42188, "USD"}), "-421.88 USD");
    EXPECT_EQ(to_text({1200, "JPY"}), "1200 JPY");
    for (auto const* text : {"", ".", "-", "1e2", "NaN", "1,5", "1.2.3", "99999999999999999999", "0x10"})
        EXPECT_FALSE(parse_minor(text, "USD").has_value()) << text;
}

TEST(Identity, NormalisesAndRefuses) {
    EXPECT_EQ(make_key(KeyKind::email, " Jane.Doe@Example.COM ")->value, "jane.doe@example.com");
    EXPECT_EQ(make_key(KeyKind::phone, "(555) 625-1199", "US")->value, "+15556251199");
    EXPECT_EQ(make_key(KeyKind::phone, "+44 20 7946 0958")->value, "+442079460958");
    EXPECT_EQ(make_key(KeyKind::phone, "0049 30 901820")->value, "+4930901820");
    EXPECT_EQ(make_key(KeyKind::cart_token, "Z2NwLXVz?key=secret")->value, "Z2NwLXVz");
    for (auto const* text : {"", "a@b", "@example.com", "a@@example.com", "a b@example.com", "a@example.com\r\nBcc:x@y.zz",
                             "<a@example.com>", "a@.com", "a@example..com"})
        EXPECT_FALSE(make_key(KeyKind::email, text)) << text;
    for (auto const* text : {"", "555-625-1199", "+0123456789", "+1", "call me", "+12345678901234567"})
        EXPECT_FALSE(make_key(KeyKind::phone, text)) << text;
    for (auto const* text : {"", "0", "000-000", "null", "Anonymous", "-1", "  ", "a b"})
        EXPECT_FALSE(make_key(KeyKind::customer_id, text)) << text;
}

TEST(Digest, MatchesPublishedVectors) {
    EXPECT_EQ(to_hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    // RFC 4231 test case 2, RFC 2202 test case 2.
    EXPECT_EQ(to_hex(hmac_sha256(as_bytes("Jefe"), "what do ya want for nothing?")),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(to_hex(hmac_sha1(as_bytes("Jefe"), "what do ya want for nothing?")),
              "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    // RFC 4648 section 10.
    EXPECT_EQ(to_base64(as_bytes("foob")), "Zm9vYg==");
    EXPECT_EQ(from_base64("Zm9vYg==").value(), Bytes({'f', 'o', 'o', 'b'}));
    for (auto const* text : {"Zm9vYg", "Zm9vYg=", "Zm9v*g==", "Zm9vYh==", "=", "===="})
        EXPECT_FALSE(from_base64(text).has_value()) << text;
}

TEST(Digest, StableIdsSeparateTheirParts) {
    EXPECT_EQ(stable_id("c", {"ab", "c"}), stable_id("c", {"ab", "c"}));
    EXPECT_NE(stable_id("c", {"ab", "c"}), stable_id("c", {"a", "bc"}));
    EXPECT_EQ(stable_id("c", {"x"}).size(), 18U);
}

}  // namespace
}  // namespace recoup
