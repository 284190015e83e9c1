#include "ingest_fixture.hpp"

#include "core/codec/event_codec.hpp"

namespace recoup {
namespace {

using IngestRoutes = test::IngestTest;

TEST_F(IngestRoutes, AnswersOnlyWhenTheLogHasTheEvent) {
    auto& answer = post("one");
    EXPECT_EQ(answer.status, 0);
    ASSERT_EQ(log.appended.size(), 1u);
    auto const event = *core::decode_event(log.appended[0].at(0).value);
    EXPECT_EQ(event.id, "lines:one");
    EXPECT_EQ(log.appended[0][0].key, event.log_key());
    log.waiting[0](Result<void>{});
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(metrics.counts["accepted"], 1);
    EXPECT_EQ(metrics.counts["lines"], 1);
    EXPECT_EQ(metrics.observed, 1);
}

TEST_F(IngestRoutes, AsksToSendAgainWhenTheLogDidNot) {
    auto& unavailable = post("one");
    log.waiting[0](error(Errc::unavailable, "broker gone"));
    EXPECT_EQ(unavailable.status, 503);
    EXPECT_EQ(unavailable.headers.at(0).first, "Retry-After");
    auto& overloaded = post("two");
    log.waiting[1](error(Errc::overloaded, "full"));
    EXPECT_EQ(overloaded.status, 503);
    EXPECT_EQ(metrics.counts["overloaded"], 1);
    EXPECT_EQ(metrics.counts["unavailable"], 1);
}

TEST_F(IngestRoutes, RefusesBeforeAnythingIsStored) {
    EXPECT_EQ(post("one", "s3cret", "nobody").status, 404);
    EXPECT_EQ(post("one", "s3cret", "demo", "pigeon").status, 404);
    EXPECT_EQ(post(std::string(65, 'x')).status, 413);
    EXPECT_EQ(post("").status, 400);
    EXPECT_EQ(post("bad").status, 400);
    HttpRequest untyped;
    untyped.captures = {"demo", "lines"};
    EXPECT_EQ(send(untyped).status, 415);
    auto const& unauthorized = post("one", "wrong");
    EXPECT_EQ(unauthorized.status, 401);
    EXPECT_EQ(unauthorized.body.find("the reason stays here"), std::string::npos);
    EXPECT_TRUE(log.appended.empty());
    for (auto const& answer : answers) EXPECT_EQ(answer.content_type, "application/problem+json");
}

TEST_F(IngestRoutes, KnowsOnlyActiveSecretsOfTheSource) {
    EXPECT_EQ(post("one", "foreign").status, 401);
    EXPECT_EQ(post("one", "expired").status, 401);
    post("one", "old");
    EXPECT_EQ(log.appended.size(), 1u);
}

TEST_F(IngestRoutes, PassesTheRestOfThePathToTheSource) {
    HttpRequest request;
    request.headers = {{"Content-Type", "text/plain"}, {"key", "s3cret"}};
    request.body = "one";
    request.captures = {"demo", "lines", "v1", "less"};
    EXPECT_EQ(send(request).status, 404);
    request.captures = {"demo", "lines", "v1", "more"};
    send(request);
    ASSERT_EQ(log.appended.size(), 1u);
    EXPECT_EQ(core::decode_event(log.appended[0].at(0).value)->topic, "v1/more");
}

TEST_F(IngestRoutes, StoresTheGoodItemsOfABatch) {
    auto& answer = post("a\nbad\nb");
    ASSERT_EQ(log.appended.size(), 1u);
    EXPECT_EQ(log.appended[0].size(), 2u);
    log.waiting[0](Result<void>{});
    EXPECT_EQ(answer.body, "3");
    EXPECT_EQ(post("bad\nbad").status, 200);  // nothing to store, the results tell
    EXPECT_EQ(post("none").status, 200);
    EXPECT_EQ(log.appended.size(), 1u);
}

}  // namespace
}  // namespace recoup
