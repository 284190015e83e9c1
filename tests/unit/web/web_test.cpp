#include "core/web/address_prefix.hpp"
#include "core/web/idempotency_key.hpp"
#include "core/web/origin.hpp"
#include "core/web/visitor.hpp"

#include <gtest/gtest.h>

namespace recoup::core {
namespace {

TEST(AddressPrefix, IsOneForAHouseholdAndAnotherForItsNeighbours) {
    EXPECT_EQ(address_prefix("203.0.113.7"), address_prefix("203.0.113.250"));
    EXPECT_NE(address_prefix("203.0.113.7"), address_prefix("203.0.114.7"));
    EXPECT_EQ(address_prefix("203.0.113.7"), address_prefix("::ffff:203.0.113.9"));
    EXPECT_EQ(address_prefix("203.0.113.7"), address_prefix("203.0.113.7:51312"));
    EXPECT_EQ(address_prefix("2001:db8:1::1"), address_prefix("2001:db8:1:ffff::2"));
    EXPECT_EQ(address_prefix("2001:db8:1::1"), address_prefix("[2001:db8:1::9]:443"));
    EXPECT_NE(address_prefix("2001:db8:1::1"), address_prefix("2001:db8:2::1"));
    EXPECT_EQ(address_prefix("fe80::1%eth0"), address_prefix("fe80::2"));
    for (std::string const text : {"", "unknown", "1.2.3", "1.2.3.4.5", "[", "[]", "::1::", "1.2.3.4, 5.6.7.8"})
        EXPECT_FALSE(address_prefix(text)) << text;
    EXPECT_FALSE(address_prefix(std::string(100'000, '1')));
}

TEST(Origin, IsASchemeAndAHostAndNothingElse) {
    EXPECT_EQ(*normal_origin("HTTPS://Shop.Example"), "https://shop.example");
    EXPECT_EQ(*normal_origin("https://shop.example:443"), "https://shop.example");
    EXPECT_EQ(*normal_origin("http://shop.example:80"), "http://shop.example");
    EXPECT_EQ(*normal_origin("https://shop.example:8443"), "https://shop.example:8443");
    EXPECT_EQ(*normal_origin("null"), "null");
    for (std::string const text : {"", "*", "shop.example", "https://", "https://shop.example/", "https://*.shop.example",
                                   "https://a@shop.example", "ftp://shop.example", "https://shop.example:", "https://shop.example:1:2",
                                   "https://shop.example:port", "https://shop.example evil"})
        EXPECT_FALSE(normal_origin(text)) << text;
}

TEST(Origin, OfTheStorefrontAndOfTheListIsAllowedExactly) {
    Shop store;
    store.domain = "Shop.example";
    store.origins = {"https://checkout.shop.example", "null"};
    for (std::string const origin : {"https://shop.example", "https://checkout.shop.example", "null"})
        EXPECT_TRUE(origin_allowed(store, origin)) << origin;
    for (std::string const origin : {"http://shop.example", "https://shop.example.evil.test", "https://evilshop.example",
                                     "https://shop.example:8443", "https://checkout.shop.example:443", "", "https://", "NULL"})
        EXPECT_FALSE(origin_allowed(store, origin)) << origin;
    EXPECT_FALSE(origin_allowed(Shop{}, "https://"));
}

TEST(Visitor, BrowsersAreShoppers) {
    for (std::string const agent : {
             "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
             "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 "
             "Mobile/15E148 Safari/604.1",
             "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
             "Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36",
             "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 "
             "Instagram 400.0.0.0"})
        EXPECT_FALSE(is_robot(agent)) << agent;
}

TEST(Visitor, CrawlersScriptsAndDrivenBrowsersAreNot) {
    for (std::string const agent : {
             "", "node", "Go", "curl/8.5.0", "python-requests/2.32.3", "Go-http-client/2.0", "okhttp/4.12.0", "axios/1.7.2",
             "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Googlebot/2.1; +http://www.google.com/bot.html) Chrome/142.0 Safari/537.36",
             "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
             "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/142.0.0.0 Safari/537.36",
             "Mozilla/5.0 (compatible; YandexBot/3.0)", "facebookexternalhit/1.1", "WhatsApp/2.23.20.0", "Mozilla/5.0 (compatible; SomeBot)",
             "Mozilla/5.0 (compatible; UptimeRobot/2.0)", "ia_archiver", "Mozilla/5.0 (compatible; Baiduspider/2.0)"})
        EXPECT_TRUE(is_robot(agent)) << agent;
}

TEST(Visitor, WhoObjectsOrOnlyPrefetchesIsNotCounted) {
    auto const with = [](std::string name, std::string value) {
        HttpRequest head;
        head.headers = {{"User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"},
                        {std::move(name), std::move(value)}};
        return visitor_of(head);
    };
    EXPECT_EQ(with("Sec-GPC", "1"), Visitor::objector);
    EXPECT_EQ(with("DNT", "1"), Visitor::objector);
    EXPECT_EQ(with("Sec-GPC", "0"), Visitor::shopper);
    EXPECT_EQ(with("Sec-Purpose", "prefetch;prerender"), Visitor::prefetch);
    EXPECT_EQ(with("Purpose", "Prefetch"), Visitor::prefetch);
    EXPECT_EQ(with("X-Moz", "prefetch"), Visitor::prefetch);
    EXPECT_EQ(with("X-Purpose", "preview"), Visitor::prefetch);
    EXPECT_EQ(visitor_of(HttpRequest{}), Visitor::robot);
}

TEST(IdempotencyKey, IsAStructuredStringOrABareWord) {
    EXPECT_EQ(*idempotency_key(R"("8e03978e-40d5-43dd-bc93-6894a57f9324")"), "8e03978e-40d5-43dd-bc93-6894a57f9324");
    EXPECT_EQ(*idempotency_key(" 8e03978e "), "8e03978e");
    EXPECT_EQ(*idempotency_key(R"("a \"b\" \\ c")"), R"(a "b" \ c)");
    EXPECT_EQ(*idempotency_key(std::string(255, 'k')), std::string(255, 'k'));
    for (std::string const header : {"", "  ", R"("")", R"("open)", R"("a"b)", R"("a";p=1)", R"("a\n")", R"("a\)", "\xc3\xa9", "\"a\x01\""})
        EXPECT_FALSE(idempotency_key(header)) << header;
    EXPECT_FALSE(idempotency_key(std::string(256, 'k')));
}

}  // namespace
}  // namespace recoup::core
