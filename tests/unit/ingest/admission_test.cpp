#include "ingest_fixture.hpp"

#include "recoup/base/limits.hpp"
#include "service/ingest/admission.hpp"

namespace recoup::service::ingest {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::nanoseconds now = 1000s;

AdmissionLimits house_of(std::size_t bytes, std::size_t shop_bytes) { return {{}, shop_bytes, bytes}; }

TEST(Admission, CountsBytesUntilTheirPlaceIsGivenBack) {
    Admission admission(house_of(1000, 500));
    auto first = admission.admit("a", 300, now);
    EXPECT_FALSE(first.refused);
    EXPECT_EQ(admission.admit("a", 201, now).refused, Refusal::shop_bytes);
    {
        auto second = admission.admit("b", 100, now);
        EXPECT_EQ(admission.bytes_in_flight(), 400u);
        auto moved = std::move(second.place);
        second.place.release();
        EXPECT_EQ(admission.bytes_in_flight(), 400u);
    }
    EXPECT_EQ(admission.bytes_in_flight(), 300u);
    first.place.release();
    first.place.release();
    EXPECT_EQ(admission.bytes_in_flight(), 0u);
}

TEST(Admission, OneGreedyShopLeavesHalfOfTheHouseToOthers) {
    Admission admission(house_of(1000, 1000));
    std::vector<Admission::Answer> held;
    for (;;) {
        held.push_back(admission.admit("greedy", 10, now));
        if (held.back().refused) break;
    }
    EXPECT_EQ(held.back().refused, Refusal::share);
    EXPECT_EQ(admission.bytes_in_flight(), 500u);
    for (int i = 0; i < 20; ++i) {
        held.push_back(admission.admit("modest", 10, now));
        EXPECT_FALSE(held.back().refused) << i;
    }
    EXPECT_EQ(admission.admit("greedy", 10, now).refused, Refusal::share);
    EXPECT_EQ(admission.admit("new", 301, now).refused, Refusal::full);
    EXPECT_FALSE(admission.admit("new", 150, now).refused);
}

TEST(Admission, AShopThatHoldsLittleFindsRoomHoweverManyAreGreedy) {
    Admission admission(house_of(10'000, 10'000));
    std::vector<Admission::Answer> held;
    for (int round = 0; round < 1000; ++round)
        for (std::string const shop : {"a", "b", "c", "d", "e", "f", "g", "h", "i"}) held.push_back(admission.admit(shop, 10, now));
    EXPECT_LE(admission.bytes_in_flight(), 9'000u);   // nine of them leave a tenth
    EXPECT_FALSE(admission.admit("small", 10, now).refused);
}

TEST(Admission, WhoIsBehindTurnsAwayThoseThatHoldMoreThanTheirPart) {
    Admission admission(house_of(10'000, 10'000));
    constexpr bool crowded = true;
    std::vector<Admission::Answer> held;
    for (int i = 0; i < 9; ++i) held.push_back(admission.admit("loud", 10, now));
    EXPECT_EQ(admission.admit("loud", 10, now, crowded).refused, Refusal::crowded) << "alone it holds all";
    held.push_back(admission.admit("quiet", 10, now, crowded));
    EXPECT_FALSE(held.back().refused);
    EXPECT_FALSE(admission.admit("quiet", 10, now, crowded).refused);
    EXPECT_EQ(admission.admit("loud", 10, now, crowded).refused, Refusal::crowded);
    held.erase(held.begin(), held.begin() + 8);
    held.push_back(admission.admit("quiet", 10, now, crowded));
    EXPECT_FALSE(held.back().refused) << "it held as much as the other";
    EXPECT_EQ(admission.admit("quiet", 10, now, crowded).refused, Refusal::crowded);
    EXPECT_FALSE(admission.admit("quiet", 10, now).refused);
}

TEST(Admission, WhoWouldBeRefusedForACrowdAloneYields) {
    Admission admission({{10, 20}, 10'000, 10'000});
    EXPECT_FALSE(admission.yields("loud", now)) << "nothing is known of it";
    auto loud = admission.admit("loud", 20, now);
    EXPECT_TRUE(admission.yields("loud", now));
    auto const quiet = admission.admit("quiet", 10, now);
    EXPECT_TRUE(admission.yields("loud", now));
    EXPECT_FALSE(admission.yields("quiet", now)) << "it holds less than its part, and is served at once";
    loud.place.charge(50, now);
    EXPECT_FALSE(admission.yields("loud", now)) << "its quota is used up: to wait would not help";
    EXPECT_TRUE(admission.yields("loud", now + 10s));
}

TEST(Admission, TheRateOfAShopIsItsOwnAndOnlyProvenEventsUseItUp) {
    Admission admission({{10, 20}, 1 << 20, 1 << 20});
    for (int i = 0; i < 100; ++i) EXPECT_FALSE(admission.admit("a", 1, now).refused);   // nobody proved anything yet
    auto batch = admission.admit("a", 1, now);
    batch.place.charge(50, now);
    auto const refused = admission.admit("a", 1, now);
    EXPECT_EQ(refused.refused, Refusal::shop_rate);
    EXPECT_EQ(refused.retry_seconds, 4);   // 30 in debt, and one more
    EXPECT_FALSE(admission.admit("b", 1, now).refused);
    EXPECT_FALSE(admission.admit("a", 1, now + 3100ms).refused);
    admission.set_limits({{}, 1 << 20, 1 << 20});
    EXPECT_FALSE(admission.admit("a", 1, now).refused);
}

TEST(Admission, BytesThatWereNotAnnouncedCountWhenTheyAreKnown) {
    Admission admission(house_of(1000, 400));
    auto answer = admission.admit("a", 10, now);
    EXPECT_FALSE(answer.place.grow(300));
    EXPECT_EQ(answer.place.grow(100), Refusal::shop_bytes);
    EXPECT_EQ(admission.bytes_in_flight(), 310u);
}

TEST(Admission, APlaceMayOutliveTheHouse) {
    Admission::Answer answer;
    {
        Admission admission(house_of(1000, 400));
        answer = admission.admit("a", 10, now);
    }
    answer.place.charge(1, now);
    answer.place.release();
}

struct IngestOverload : test::IngestTest {};

TEST_F(IngestOverload, ShopsOverTheirQuotaHear429AndTheirSendersWhenToComeBack) {
    settings.admission.shop_events = {1, 3};
    auto& batch = post("a\nb\nc\nd\ne");
    log.waiting.at(0)(Result<void>{});
    EXPECT_EQ(batch.status, 200);
    auto const& refused = post("f");
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(refused.content_type, "application/problem+json");
    EXPECT_EQ(header(refused, "Retry-After"), "3");
    EXPECT_EQ(metrics.counts["shop_rate"], 1);
    EXPECT_EQ(metrics.counts["throttled"], 1);
    clock.pass(Millis{3000});
    post("f");
    EXPECT_EQ(log.appended.size(), 2u);
}

TEST_F(IngestOverload, StrangersSpendNobodysQuota) {
    settings.admission.shop_events = {1, 1};
    for (int i = 0; i < 10; ++i) EXPECT_EQ(post("a", "wrong").status, 401);
    post("a");
    EXPECT_EQ(log.appended.size(), 1u);
}

TEST_F(IngestOverload, AFullHouseAnswers503UntilTheLogAnswers) {
    settings.admission.bytes = 2 * limits::request_bytes;
    post("one");
    auto const& refused = post("two");
    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(header(refused, "Retry-After"), "1");
    EXPECT_EQ(metrics.counts["share"] + metrics.counts["full"], 1);
    EXPECT_EQ(metrics.counts["overloaded"], 1);
    EXPECT_EQ(ingest().bytes_in_flight(), limits::request_bytes + 3);
    log.waiting.at(0)(Result<void>{});
    EXPECT_EQ(ingest().bytes_in_flight(), 0u);
    post("two");
    EXPECT_EQ(log.appended.size(), 2u);
}

TEST_F(IngestOverload, IsDecidedFromTheHeadAndGivenBackWhenNoBodyComes) {
    settings.admission.shop_bytes = 3 * limits::request_bytes;
    auto const post_route = ingest().routes().at(0);
    auto const head = request("lines", {{"Content-Type", "text/plain"}}, "");
    EXPECT_FALSE(post_route.admit(head, 60));
    EXPECT_EQ(ingest().bytes_in_flight(), limits::request_bytes + 60);
    EXPECT_EQ(post_route.admit(request("lines", {{"Content-Type", "text/plain"}}, ""), 65)->status, 413);
    EXPECT_EQ(post_route.admit(request("pigeon", {}, ""), 1)->status, 404);
    EXPECT_EQ(post_route.admit(request("lines", {{"Content-Type", "image/png"}}, ""), 1)->status, 415);
    head.ticket.reset();   // the sender went away in the middle of its body
    EXPECT_EQ(ingest().bytes_in_flight(), 0u);
}

TEST_F(IngestOverload, ChunkedBodiesCountOnceTheyAreRead) {
    settings.admission.shop_bytes = limits::request_bytes + 10;
    auto const post_route = ingest().routes().at(0);
    auto chunked = request("lines", {{"Content-Type", "text/plain"}, {"key", "s3cret"}}, "");
    EXPECT_FALSE(post_route.admit(chunked, 0));
    chunked.body = std::string(11, 'x');
    EXPECT_EQ(send(chunked).status, 429);
    EXPECT_EQ(ingest().bytes_in_flight(), 0u);
    EXPECT_FALSE(post_route.admit(chunked, 0));
    chunked.body = std::string(65, 'x');
    EXPECT_EQ(send(chunked).status, 413);
}

}  // namespace
}  // namespace recoup::service::ingest
