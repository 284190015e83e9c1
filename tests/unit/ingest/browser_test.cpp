// The pixel's door: origins, robots, people who object, and rates.
#include "ingest_fixture.hpp"

namespace recoup::test {
namespace {

constexpr std::string_view firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

struct IngestBrowsers : IngestTest {
    IngestBrowsers() {
        shops.access->secrets.push_back({"demo", "pixel", "write_key", "px_a", never});
        shops.access->secrets.push_back({"demo", "pixel", "write_key", "px_b", never});
        shops.access->shop.origins = {"https://checkout.shop.example"};
        settings.browsers.proxies = {"127.0.0.1"};
    }

    HttpResponse& beacon(std::string visitor, HeaderList more = {}, std::string remote = "203.0.113.7", std::string key = "px_a") {
        HeaderList headers{{"Content-Type", "text/plain;charset=UTF-8"}, {"User-Agent", std::string(firefox)}};
        for (auto& header : more) {
            std::erase_if(headers, [&](auto const& known) { return known.first == header.first; });
            headers.push_back(std::move(header));
        }
        auto made = request("pixel", std::move(headers),
                            R"({"key":")" + key + R"(","anonymous_id":")" + visitor + R"(","events":[{"type":"page_viewed"}]})");
        made.remote = std::move(remote);
        auto& answer = send(made);
        if (answer.status == 0) log.waiting.back()(Result<void>{});
        return answer;
    }
    HttpResponse preflight(std::string origin) {
        HttpResponse answer;
        auto made = request("pixel", {{"Origin", std::move(origin)}, {"Access-Control-Request-Method", "POST"}}, "");
        ingest().routes().at(1).handle(made, [&](HttpResponse response) { answer = std::move(response); });
        return answer;
    }
};

TEST_F(IngestBrowsers, OfOtherPagesAreRefusedAndOfTheShopsOwnMayRead) {
    for (std::string const origin : {"https://shop.example", "https://checkout.shop.example"}) {
        auto const& answer = beacon("v", {{"Origin", origin}});
        EXPECT_EQ(answer.status, 204);
        EXPECT_EQ(header(answer, "Access-Control-Allow-Origin"), origin);
        EXPECT_EQ(header(answer, "Vary"), "Origin");
        EXPECT_EQ(header(answer, "Access-Control-Allow-Credentials"), "");
    }
    EXPECT_EQ(beacon("v").status, 204);   // no page at all
    for (std::string const origin : {"https://evil.example", "null", "https://shop.example.evil.test", "http://shop.example"}) {
        auto const& answer = beacon("v", {{"Origin", origin}});
        EXPECT_EQ(answer.status, 403) << origin;
        EXPECT_EQ(header(answer, "Access-Control-Allow-Origin"), "");
        EXPECT_EQ(header(answer, "Vary"), "Origin");
    }
    EXPECT_EQ(log.appended.size(), 3u);
    EXPECT_EQ(metrics.counts["origin"], 4);
}

TEST_F(IngestBrowsers, MayAskFirstAndRememberTheAnswer) {
    auto const answer = preflight("https://checkout.shop.example");
    EXPECT_EQ(answer.status, 204);
    EXPECT_EQ(header(answer, "Access-Control-Allow-Origin"), "https://checkout.shop.example");
    EXPECT_EQ(header(answer, "Access-Control-Max-Age"), "86400");
    EXPECT_EQ(header(answer, "Access-Control-Allow-Credentials"), "");
    for (std::string const origin : {"https://evil.example", "null", "*", ""}) {
        auto const refused = preflight(origin);
        EXPECT_EQ(refused.status, 403) << origin;
        EXPECT_EQ(header(refused, "Access-Control-Allow-Origin"), "");
    }
}

TEST_F(IngestBrowsers, OfRobotsPrefetchesAndObjectorsLeaveNothing) {
    EXPECT_EQ(beacon("v", {{"User-Agent", "Mozilla/5.0 (compatible; Googlebot/2.1)"}}).status, 204);
    EXPECT_EQ(beacon("v", {{"User-Agent", ""}}).status, 204);
    EXPECT_EQ(beacon("v", {{"Sec-Purpose", "prefetch"}}).status, 204);
    EXPECT_EQ(beacon("v", {{"Sec-GPC", "1"}}).status, 204);
    EXPECT_EQ(beacon("v", {{"DNT", "1"}}).status, 204);
    EXPECT_TRUE(log.appended.empty());
    EXPECT_EQ(metrics.counts["robot"], 2);
    EXPECT_EQ(metrics.counts["prefetch"], 1);
    EXPECT_EQ(metrics.counts["objector"], 2);
}

TEST_F(IngestBrowsers, OfOneVisitorMaySendSoMuch) {
    settings.browsers.visitor = {1, 2};
    EXPECT_EQ(beacon("one").status, 204);
    EXPECT_EQ(beacon("one").status, 204);
    auto const& refused = beacon("one", {{"Origin", "https://shop.example"}});
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(header(refused, "Retry-After"), "1");
    EXPECT_EQ(header(refused, "Access-Control-Allow-Origin"), "https://shop.example");
    EXPECT_EQ(beacon("two").status, 204);
    clock.pass(Millis{1000});
    EXPECT_EQ(beacon("one").status, 204);
    EXPECT_EQ(metrics.counts["visitor_rate"], 1);
}

TEST_F(IngestBrowsers, OfOneNetworkMaySendSoMuchWhoeverTheyAre) {
    settings.browsers.address = {1, 2};
    EXPECT_EQ(beacon("a", {}, "203.0.113.7").status, 204);
    EXPECT_EQ(beacon("b", {}, "203.0.113.8").status, 204);
    EXPECT_EQ(beacon("c", {}, "203.0.113.9").status, 429);
    EXPECT_EQ(beacon("c", {}, "203.0.114.9").status, 204);
    EXPECT_EQ(beacon("c", {}, "2001:db8:1::9").status, 204);
    EXPECT_EQ(beacon("d", {{"X-Forwarded-For", "9.9.9.9"}}, "203.0.113.9").status, 429);   // hearsay
    EXPECT_EQ(metrics.counts["address_rate"], 2);
}

TEST_F(IngestBrowsers, BehindOurProxyAreKnownByWhatItSaw) {
    settings.browsers.address = {1, 1};
    EXPECT_EQ(beacon("a", {{"X-Forwarded-For", "9.9.9.9, 203.0.113.7"}}, "127.0.0.1").status, 204);
    EXPECT_EQ(beacon("b", {{"X-Forwarded-For", "8.8.8.8, 203.0.113.8"}}, "127.0.0.1").status, 429);
    EXPECT_EQ(beacon("c", {{"X-Forwarded-For", "203.0.114.8"}}, "127.0.0.1").status, 204);
    EXPECT_EQ(beacon("d", {}, "127.0.0.1").status, 204);   // the machine itself is nobody's network
    EXPECT_EQ(beacon("e", {}, "127.0.0.1").status, 204);
}

TEST_F(IngestBrowsers, OfOneKeyMaySendSoMuch) {
    settings.browsers.key = {1, 1};
    EXPECT_EQ(beacon("a", {}, "203.0.113.7", "px_a").status, 204);
    EXPECT_EQ(beacon("b", {}, "203.0.114.7", "px_a").status, 429);
    EXPECT_EQ(beacon("b", {}, "203.0.114.7", "px_b").status, 204);
    EXPECT_EQ(beacon("c", {}, "203.0.115.7", "px_none").status, 401);
    EXPECT_EQ(metrics.counts["key_rate"], 1);
}

TEST_F(IngestBrowsers, DoNotFillTheHouseWithLargeBodies) {
    auto const post_route = ingest().routes().at(0);
    auto const head = request("pixel", {{"Content-Type", "text/plain"}, {"User-Agent", std::string(firefox)}}, "");
    EXPECT_EQ(post_route.admit(head, 64 * 1024 + 1)->status, 413);
    EXPECT_FALSE(post_route.admit(head, 64 * 1024));
}

}  // namespace
}  // namespace recoup::test
