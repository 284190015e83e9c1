#include "ingest_fixture.hpp"

#include "core/codec/event_codec.hpp"
#include "recoup/base/digest.hpp"

namespace recoup::test {
namespace {

struct IngestRepeats : IngestTest {
    IngestRepeats() { shops.access->secrets.push_back({"demo", "events", "bearer", to_hex(sha256("rk_all")), never}); }

    HttpResponse& events(std::string const& name, std::string const& cart, HeaderList more = {}) {
        HeaderList headers{{"Content-Type", "application/json"}, {"Authorization", "Bearer rk_all"}};
        if (!name.empty()) headers.emplace_back("Idempotency-Key", name);
        headers.insert(headers.end(), more.begin(), more.end());
        return send(request("events", std::move(headers), R"({"type":"cart.deleted","data":{"cart_id":")" + cart + R"("}})"));
    }
    void store(std::size_t which) { log.waiting.at(which)(Result<void>{}); }
    std::string id_of(std::size_t which) { return core::decode_event(log.appended.at(which).at(0).value)->id; }
};

TEST_F(IngestRepeats, HearWhatTheFirstHeardAndStoreNothing) {
    auto& first = events("order-17", "c1");
    store(0);
    EXPECT_EQ(first.status, 200);
    auto const& repeated = events("order-17", "c1");
    EXPECT_EQ(repeated.status, 200);
    EXPECT_EQ(repeated.body, first.body);
    EXPECT_EQ(repeated.content_type, first.content_type);
    EXPECT_EQ(events(R"("order-17")", "c1").status, 200);   // quoted, as the draft says
    EXPECT_EQ(log.appended.size(), 1u);
    EXPECT_EQ(metrics.counts["repeated"], 2);
}

TEST_F(IngestRepeats, WithAnotherBodyAreRefused) {
    events("k", "c1");
    EXPECT_EQ(events("k", "c2").status, 422);
    store(0);
    auto const& refused = events("k", "c2");
    EXPECT_EQ(refused.status, 422);
    EXPECT_NE(refused.body.find("idempotency-key-reused"), std::string::npos);
    EXPECT_EQ(log.appended.size(), 1u);
    EXPECT_EQ(metrics.counts["unprocessable"], 2);
}

TEST_F(IngestRepeats, WaitWhileTheFirstIsAtIt) {
    auto& first = events("k", "c1");
    auto const& early = events("k", "c1");
    EXPECT_EQ(early.status, 409);
    EXPECT_EQ(header(early, "Retry-After"), "1");
    store(0);
    EXPECT_EQ(first.status, 200);
    EXPECT_EQ(events("k", "c1").status, 200);
}

TEST_F(IngestRepeats, AfterACrashMakeTheSameEventAgain) {
    events("k", "c1");   // durable, perhaps, but the process died before it answered
    clock.pass(idempotency_lease - Millis{1});
    EXPECT_EQ(events("k", "c1").status, 409);
    clock.pass(Millis{1});
    auto& again = events("k", "c1", {{"webhook-id", "msg_another"}});
    ASSERT_EQ(log.appended.size(), 2u);
    EXPECT_EQ(id_of(0), id_of(1));
    store(1);
    EXPECT_EQ(again.status, 200);
    clock.pass(Millis{24 * 3600 * 1000});
    events("k", "c2");   // a day later the key may name something else
    ASSERT_EQ(log.appended.size(), 3u);
    EXPECT_NE(id_of(2), id_of(0));
}

TEST_F(IngestRepeats, AreFreeAgainWhenNothingWasStored) {
    auto& failed = events("k", "c1");
    log.waiting.at(0)(error(Errc::unavailable, "gone"));
    EXPECT_EQ(failed.status, 503);
    auto& again = events("k", "c1");
    ASSERT_EQ(log.appended.size(), 2u);
    store(1);
    EXPECT_EQ(again.status, 200);
}

TEST_F(IngestRepeats, AreNotTakenWhileTheStoreIsDown) {
    repeats.fail(true);
    EXPECT_EQ(events("k", "c1").status, 503);
    EXPECT_TRUE(log.appended.empty());
    events("", "c1");   // without the header nobody asks the store
    EXPECT_EQ(log.appended.size(), 1u);
    EXPECT_EQ(metrics.counts["unavailable"], 2);   // of the store, and the outcome
}

TEST_F(IngestRepeats, OnceStoredIsAnsweredEvenIfTheAnswerCannotBeKept) {
    auto& answer = events("k", "c1");
    repeats.fail(true);
    store(0);
    EXPECT_EQ(answer.status, 200);
}

TEST_F(IngestRepeats, NeverSeeTheAnswersOfStrangersOrOtherShops) {
    events("k", "c1");
    store(0);
    auto stranger = request("events", {{"Content-Type", "application/json"}, {"Authorization", "Bearer wrong"}, {"Idempotency-Key", "k"}},
                            R"({"type":"cart.deleted","data":{"cart_id":"c1"}})");
    EXPECT_EQ(send(stranger).status, 401);
    shops.access = std::make_shared<ShopAccess>(*shops.access);
    shops.access->shop.id = "other";
    events("k", "c1");
    EXPECT_EQ(log.appended.size(), 2u);
}

TEST_F(IngestRepeats, MustNameThemselvesProperly) {
    EXPECT_EQ(events(R"("open)", "c1").status, 400);
    EXPECT_EQ(events(std::string(256, 'k'), "c1").status, 400);
    EXPECT_TRUE(log.appended.empty());
}

}  // namespace
}  // namespace recoup::test
