// Dead letters and probation: the memory model and Postgres keep the same promises.
#include "contract/store_contract.hpp"

#include "adapter/memory/memory_log.hpp"
#include "core/letter/letter.hpp"
#include "core/plan/stops.hpp"
#include "service/tracker/tracker.hpp"
#include "simulation/stand_ins.hpp"

#include "recoup/base/clock.hpp"

#include <gtest/gtest.h>

namespace recoup::test {
namespace {

using MakeWorld = std::unique_ptr<StoreWorld> (*)();

class DeadLetters : public testing::TestWithParam<std::pair<char const*, MakeWorld>> {
protected:
    DeadLetters() {
        Shop shop;
        shop.id = "s";
        EXPECT_TRUE(world->add_shop(shop));
    }

    Event unusable(std::string const& id, std::string raw, Instant received) const {
        Event event;
        event.shop_id = "s";
        event.source = "shopify";
        event.id = core::letter_event_id("shopify:" + id);
        event.topic = "carts/update";
        event.received_at = event.occurred_at = received;
        DeadLettered body;
        body.reason = "token is missing";
        body.content_type = "application/json";
        body.raw = std::move(raw);
        body.headers = {{"x-shopify-topic", "carts/update"}, {"x-shopify-webhook-id", id}};
        event.body = std::move(body);
        return event;
    }
    Letter keep(std::string const& id, std::string raw, Instant received) {
        auto letter = core::letter_of(unusable(id, std::move(raw), received));
        EXPECT_TRUE(letters().keep({letter}));
        return letter;
    }
    void fold(std::vector<Event> const& events) {
        for (auto const& event : events) storage.append({core::log_record(event)});
        memory::MemoryLogReader reader(storage,
                                       [&](int partition) { return world->track().position("memory", partition); });
        ManualClock const clock(noon + std::chrono::hours{1});
        simulation::NoMetrics metrics;
        service::Tracker tracker(reader, {world->track(), letters(), world->probation()}, clock, metrics, {},
                                 {"memory", 500, {}});
        for (;;) {
            auto const done = tracker.run_once(Millis{0});
            ASSERT_TRUE(done) << done.error().message;
            if (*done == 0) return;
        }
    }
    std::vector<std::string> ids(LetterQuery const& query = {}) {
        std::vector<std::string> found;
        auto const listed = letters().list(query);
        EXPECT_TRUE(listed) << listed.error().message;
        for (auto const& letter : *listed) found.push_back(letter.id);
        return found;
    }
    DeadLetterStore& letters() { return world->letters(); }

    std::unique_ptr<StoreWorld> world = GetParam().second();
    memory::LogStorage storage{1};
    Instant const noon = parse_rfc3339("2026-03-02T12:00:00Z").value();
};

INSTANTIATE_TEST_SUITE_P(Both, DeadLetters,
                         testing::Values(std::pair{"memory", &memory_stores}, std::pair{"postgres", &postgres_stores}),
                         [](auto const& tested) { return std::string(tested.param.first); });

TEST_P(DeadLetters, ComeBackWithEverythingThatAReplayNeeds) {
    std::string const raw("{\"email\":\"jane@example.com\"}\0\xFF binary", 37);
    auto const kept = keep("1", raw, noon);
    ASSERT_TRUE(letters().keep({kept})) << "once more changes nothing";
    EXPECT_EQ(ids(), std::vector<std::string>{kept.id});
    auto const found = letters().find(kept.id);
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_EQ(found->raw, raw);
    EXPECT_EQ(found->shop_id, "s");
    EXPECT_EQ(found->event_id, "shopify:1~letter");
    EXPECT_EQ(found->source, "shopify");
    EXPECT_EQ(found->topic, "carts/update");
    EXPECT_EQ(found->reason, "token is missing");
    EXPECT_EQ(found->headers, kept.headers);
    EXPECT_EQ(found->kind, LetterKind::unusable);
    EXPECT_EQ(found->form, LetterForm::body);
    EXPECT_EQ(found->received_at, noon);
    EXPECT_EQ(found->attempts, 1);
    EXPECT_EQ(found->raw_bytes, static_cast<std::int64_t>(raw.size()));
    EXPECT_EQ(letters().find("dl_nothing").error().code, Errc::not_found);

    ReadRecord const record{2, 77, "elsewhere/\xFF", std::string("\0\xFF\x01", 3)};
    auto lost = core::unreadable_letter({"kafka:x", record}, "these bytes are not an event", noon);
    lost.shop_id.clear();
    ASSERT_TRUE(letters().keep({lost})) << "of no shop that we know";
    auto const read = letters().find(lost.id);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->raw, record.value);
    EXPECT_EQ(read->record_key, record.key);
    EXPECT_EQ(read->kind, LetterKind::unreadable);
    EXPECT_EQ(read->form, LetterForm::record);
}

TEST_P(DeadLetters, AreListedByShopSourceReasonAndAgeFromOldestToNewest) {
    auto const old = keep("old", "{}", noon - std::chrono::hours{48});
    auto const young = keep("young", "{}", noon);
    ReadRecord const record{0, 1, "s/x", "?"};
    auto const unreadable =
        core::unreadable_letter({"memory", record}, "these bytes are not an event", noon + Seconds{1});
    ASSERT_TRUE(letters().keep({unreadable}));
    using Ids = std::vector<std::string>;
    EXPECT_EQ(ids(), (Ids{old.id, young.id, unreadable.id}));
    EXPECT_EQ(ids({.shop_id = "other"}), Ids{});
    EXPECT_EQ(ids({.source = "shopify"}), (Ids{old.id, young.id}));
    EXPECT_EQ(ids({.reason = "unreadable"}), Ids{unreadable.id});
    EXPECT_EQ(ids({.reason = "token"}), (Ids{old.id, young.id}));
    EXPECT_EQ(ids({.before = noon}), Ids{old.id});
    EXPECT_EQ(ids({.since = noon}), (Ids{young.id, unreadable.id}));
    EXPECT_EQ(ids({.after_at = young.received_at, .after_id = young.id}), Ids{unreadable.id});
    EXPECT_EQ(ids({.limit = 2}), (Ids{old.id, young.id}));
    EXPECT_TRUE(letters().list({})->front().raw.empty()) << "a list holds no bytes";
}

TEST_P(DeadLetters, CountTheirTriesAndEndOnce) {
    auto const kept = keep("1", "{}", noon);
    ASSERT_TRUE(letters().tried(kept.id, "still no token", noon + Seconds{5}));
    auto const tried = letters().find(kept.id).value();
    EXPECT_EQ(tried.attempts, 2);
    EXPECT_EQ(tried.reason, "still no token");
    EXPECT_EQ(tried.tried_at, noon + Seconds{5});
    ASSERT_TRUE(letters().end(kept.id, LetterEnd::dropped, "of no use", noon + Seconds{6}));
    EXPECT_EQ(letters().end(kept.id, LetterEnd::dropped, "", noon).error().code, Errc::not_found);
    EXPECT_EQ(letters().tried(kept.id, "", noon).error().code, Errc::not_found);
    EXPECT_EQ(letters().stock()->letters, 0);
}

TEST_P(DeadLetters, AreBoundedInAgeAndNumber) {
    for (int i = 0; i < 5; ++i) keep(std::to_string(i), "{}", noon + Seconds{i});
    auto const stock = letters().stock().value();
    EXPECT_EQ(stock.letters, 5);
    EXPECT_EQ(stock.bytes, 10);
    EXPECT_EQ(stock.oldest, noon);
    auto const trimmed = letters().trim(noon + Seconds{1}, 3, noon + std::chrono::hours{1}).value();
    EXPECT_EQ(trimmed.expired, 1);
    EXPECT_EQ(trimmed.crowded_out, 1);
    EXPECT_EQ(letters().stock()->oldest, noon + Seconds{2});
}

TEST_P(DeadLetters, OfSomebodyWhoIsErasedGoWithThem) {
    auto const of_jane = keep("1", R"({"customer":{"email":"Jane@example.com"}})", noon);
    auto const of_john = keep("2", R"({"customer":{"email":"john@example.com"}})", noon);
    Event erased;
    erased.shop_id = "s";
    erased.source = "shopify";
    erased.id = "shopify:redact";
    erased.received_at = erased.occurred_at = noon + Seconds{10};
    erased.keys = {{KeyKind::email, "jane@example.com"}};
    erased.body = PersonErased{};
    fold({erased});
    EXPECT_EQ(ids(), std::vector<std::string>{of_john.id});
    ASSERT_TRUE(letters().keep({of_jane})) << "and a late one is not kept";
    EXPECT_EQ(ids(), std::vector<std::string>{of_john.id});
    Event gone = erased;
    gone.id = "shopify:shop-redact";
    gone.keys.clear();
    gone.body = ShopErased{};
    fold({gone});
    EXPECT_TRUE(ids().empty());
}

TEST_P(DeadLetters, ThatWereDroppedDoNotComeBackWithASecondDelivery) {
    auto const event = unusable("1", "{}", noon);
    fold({event});
    auto const listed = ids();
    ASSERT_EQ(listed.size(), 1u);
    ASSERT_TRUE(letters().end(listed[0], LetterEnd::dropped, "", noon));
    fold({event});
    EXPECT_TRUE(ids().empty());
}

TEST_P(DeadLetters, ProbationCountsTriesAtOnePlace) {
    auto& probation = world->probation();
    EXPECT_EQ(probation.begin("log", 0, 10, false).value(), 1);
    EXPECT_EQ(probation.begin("log", 0, 10, false).value(), 2);
    EXPECT_EQ(probation.begin("log", 0, 10, true).value(), 2) << "excused";
    EXPECT_EQ(probation.begin("log", 1, 10, false).value(), 1) << "another partition";
    EXPECT_EQ(probation.begin("log", 0, 11, false).value(), 1) << "it got further";
    EXPECT_EQ(world->another_probation()->begin("log", 0, 11, false).value(), 2) << "its successor knows";
    ASSERT_TRUE(probation.clear("log", {0}));
    EXPECT_EQ(probation.begin("log", 0, 11, false).value(), 1);
    EXPECT_EQ(probation.begin("log", 1, 10, false).value(), 2);
}

TEST_P(DeadLetters, OneTrackerAtATimeIsOnProbation) {
    auto& probation = world->probation();
    ASSERT_TRUE(probation.hold("log", 0));
    ASSERT_TRUE(probation.hold("log", 0)) << "it is its own";
    auto other = world->another_probation();
    EXPECT_EQ(other->hold("log", 0).error().code, Errc::conflict);
    ASSERT_TRUE(other->hold("log", 1));
    ASSERT_TRUE(probation.clear("log", {0}));
    ASSERT_TRUE(other->hold("log", 0));
    EXPECT_EQ(probation.hold("log", 0).error().code, Errc::conflict);
    other.reset();
    EXPECT_TRUE(probation.hold("log", 0)) << "a tracker that died holds nothing";
    probation.let_go();
    EXPECT_TRUE(world->another_probation()->hold("log", 0));
}

}  // namespace
}  // namespace recoup::test
