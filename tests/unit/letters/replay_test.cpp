#include "service/letters/replay.hpp"

#include "adapter/memory/dead_letters.hpp"
#include "adapter/memory/memory_log.hpp"
#include "core/codec/event_codec.hpp"
#include "core/letter/letter.hpp"
#include "core/plan/stops.hpp"
#include "service/ingest/letters.hpp"
#include "simulation/stand_ins.hpp"

#include <gtest/gtest.h>

namespace recoup::service {
namespace {

Instant const came = parse_rfc3339("2026-03-02T12:00:00Z").value();

/// A source that learns: what lacked something yesterday is understood today. Asked to verify, it fails.
class LearningSource final : public Source {
public:
    std::string_view name() const override { return "learning"; }
    std::size_t body_limit() const override { return 1024; }
    bool accepts(std::string_view) const override { return true; }
    std::span<std::string_view const> secret_kinds() const override { return {}; }
    Result<void> authenticate(SourceRequest const&) const override {
        ADD_FAILURE() << "its signature is too old by now";
        return error(Errc::unauthorized, "");
    }
    Result<Delivery> parse(SourceRequest const& request) const override {
        if (request.http.body == "no delivery") return error(Errc::invalid, "no delivery at all");
        Delivery delivery;
        Event event;
        event.shop_id = request.shop.id;
        event.source = "learning";
        event.id = "learning:" + std::string(request.http.header("webhook-id"));
        event.topic = request.call;
        event.occurred_at = event.received_at = request.received_at;
        if (knows) event.body = CartDeleted{};
        else event.body = DeadLettered{"it lacks a token", "application/json", request.http.body, "", {}};
        delivery.items.push_back({event.id, event});
        return delivery;
    }
    HttpResponse answer(Delivery const&) const override { return {}; }
    HttpResponse preflight(SourceRequest const&) const override { return {}; }

    bool knows = false;
};

class OneShop final : public ShopDirectory {
public:
    std::shared_ptr<ShopAccess const> find(std::string_view shop_id) const override {
        auto access = std::make_shared<ShopAccess>();
        access->shop.id = "demo";
        return shop_id == "demo" ? access : nullptr;
    }
};

class ReplayTest : public testing::Test {
protected:
    ReplayTest() {
        Shop shop;
        shop.id = "demo";
        EXPECT_TRUE(database.add_shop(shop));
        auto owned = std::make_unique<LearningSource>();
        source = owned.get();
        sources.push_back(std::move(owned));
    }

    /// A delivery as ingest takes it.
    std::string deliver(std::string body) {
        Shop shop;
        shop.id = "demo";
        HttpRequest http;
        http.headers = {{"Webhook-Id", "w1"}, {"Webhook-Signature", "hush"}, {"Authorization", "hush"}};
        http.body = std::move(body);
        SourceRequest const request{http, shop, {}, "", came, "v1/track"};
        auto delivery = source->parse(request);
        ingest::keep_request(*delivery, request);
        auto const& event = *delivery->items[0].event;
        EXPECT_EQ(event.id, "learning:w1~letter");
        auto const letter = core::letter_of(event);
        EXPECT_TRUE(letters.keep({letter}));
        return letter.id;
    }
    std::vector<Event> appended() {
        std::vector<ReadRecord> records;
        storage.read(0, 0, 100, records);
        std::vector<Event> events;
        for (auto const& record : records) events.push_back(core::decode_event(record.value).value());
        return events;
    }

    memory::Database database;
    memory::MemoryDeadLetters letters{database};
    memory::LogStorage storage{1};
    memory::MemoryLog log{storage};
    OneShop shops;
    std::vector<std::unique_ptr<Source>> sources;
    LearningSource* source = nullptr;
    ManualClock clock{came + std::chrono::hours{100}};
    simulation::NoMetrics metrics;
    Replayer replayer{{&letters, &log, &shops, &sources, &clock, &metrics, ""}};
};

TEST_F(ReplayTest, WhatIsUnderstoodNowIsAppendedAsOfTheTimeItCame) {
    auto const id = deliver("{}");
    source->knows = true;
    auto const tried = replayer.replay(id, true);
    ASSERT_TRUE(tried);
    EXPECT_TRUE(tried->usable);
    EXPECT_TRUE(appended().empty()) << "a dry run";
    EXPECT_TRUE(letters.find(id)) << "a dry run";
    auto const outcome = replayer.replay(id, false);
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->events, std::vector<std::string>{"cart_deleted"});
    auto const events = appended();
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0].id, "learning:w1") << "the id that the sender's own repetition would have";
    EXPECT_EQ(events[0].received_at, came);
    EXPECT_EQ(events[0].topic, "v1/track") << "its call is kept";
    EXPECT_EQ(letters.find(id).error().code, Errc::not_found);
    EXPECT_EQ(database.state().letter_ends.find(id)->cause, LetterEnd::replayed);
    EXPECT_EQ(replayer.replay(id, false).error().code, Errc::not_found);
}

TEST_F(ReplayTest, WhatFailsAgainStaysWithOneAttemptMore) {
    auto const id = deliver("{}");
    EXPECT_FALSE(replayer.replay(id, true)->usable);
    EXPECT_EQ(letters.find(id)->attempts, 1) << "a dry run counts nothing";
    auto const outcome = replayer.replay(id, false);
    ASSERT_TRUE(outcome);
    EXPECT_FALSE(outcome->usable);
    EXPECT_EQ(outcome->reason, "it lacks a token");
    EXPECT_EQ(letters.find(id)->attempts, 2);
    EXPECT_EQ(letters.find(id)->tried_at, clock.now());
    EXPECT_TRUE(appended().empty());
}

TEST_F(ReplayTest, ALogThatRefusesKeepsTheLetter) {
    auto const id = deliver("{}");
    source->knows = true;
    log.close();
    EXPECT_EQ(replayer.replay(id, false).error().code, Errc::overloaded);
    EXPECT_EQ(letters.find(id)->attempts, 1);
}

TEST_F(ReplayTest, ARecordGoesBackToTheLogAsItWas) {
    Event event;
    event.shop_id = "demo";
    event.id = "events:1";
    event.received_at = came;
    event.body = CartDeleted{};
    ReadRecord const record{0, 5, event.log_key(), core::encode_event(event)};
    auto const poison = core::poison_letter({"memory", record}, event, 3, came);
    ReadRecord const torn{0, 6, "demo/x", "\xFF"};
    auto const unreadable = core::unreadable_letter({"memory", torn}, "not an event", came);
    ASSERT_TRUE(letters.keep({poison, unreadable}));
    EXPECT_TRUE(replayer.replay(poison.id, false)->usable);
    ASSERT_EQ(appended().size(), 1u);
    EXPECT_EQ(appended()[0].id, "events:1");
    EXPECT_FALSE(replayer.replay(unreadable.id, false)->usable);
    EXPECT_EQ(letters.find(unreadable.id)->attempts, 2);
}

TEST_F(ReplayTest, WhatWasCutOrHasNoShopIsNotReplayed) {
    Letter cut;
    cut.id = "dl_cut";
    cut.shop_id = "demo";
    cut.event_id = "e";
    cut.cut = true;
    Letter stray;
    stray.id = "dl_stray";
    stray.event_id = "f";
    stray.source = "learning";
    ASSERT_TRUE(letters.keep({cut, stray}));
    EXPECT_EQ(replayer.replay("dl_cut", false).error().code, Errc::too_large);
    EXPECT_EQ(replayer.replay("dl_stray", false)->reason, "its shop is not there");
}

}  // namespace
}  // namespace recoup::service
