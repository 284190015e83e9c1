// A tracker remembers whose key that was, while other trackers move keys on: what it remembers wrongly must not show.
#include "adapter/postgres/statement.hpp"
#include "adapter/postgres/track_store.hpp"
#include "service/tracker/shop_batch.hpp"
#include "support/postgres_fixture.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <map>

namespace recoup::postgres {
namespace {

constexpr Statement insert_shop{"test_shop", "insert into shop (shop_id, doc, created_at) values ('s', $1::jsonb, at_ms($2))"};
constexpr Statement owners_of_keys{"test_owners", "select count(distinct person_id), min(person_id) from person_key"};

IdentityKey const email{KeyKind::email, "jane@example.com"}, customer{KeyKind::customer_id, "77"};

struct PostgresHintsTest : testing::Test {
    test::Database database;
    Pool pool{database.options(), 4};
    PostgresTrackStore mine{pool}, other{pool};
    Instant now = parse_rfc3339("2026-11-20T10:00:00Z").value();
    std::int64_t events = 0;
    std::map<int, std::int64_t> next;   // offset, by partition
    core::Policy const policy{};
    service::Scorer const scorer{};

    PostgresHintsTest() {
        Shop shop;
        shop.id = "s";
        auto const made = run(pool, [&](pqxx::work& tx) { exec(tx, insert_shop, json_parameter(shop), to_millis(now)); });
        EXPECT_TRUE(made) << made.error().message;
    }

    /// What the store then holds of those that the event mentions.
    World fold(PostgresTrackStore& store, std::vector<IdentityKey> keys, EventBody body = CustomerChanged{}, int partition = 0) {
        auto world = try_fold(store, std::move(keys), std::move(body), partition, [] {});
        EXPECT_TRUE(world) << world.error().message;
        return std::move(*world);
    }

    /// `meanwhile` runs when everything was read and nothing is written.
    Result<World> try_fold(PostgresTrackStore& store, std::vector<IdentityKey> keys, EventBody body, int partition,
                           std::function<void()> const& meanwhile) {
        now += Seconds{1};
        Event event;
        event.shop_id = "s";
        event.id = "e" + std::to_string(events++);
        event.occurred_at = event.received_at = now;
        event.trusted = true;
        event.keys = std::move(keys);
        event.body = std::move(body);
        service::ShopBatch batch("s", policy, scorer, now);
        batch.add(std::move(event));
        std::vector<ShopWork> work(1);
        work[0].want = batch.want();
        work[0].world = &batch.world();
        work[0].changes = &batch.changes();
        work[0].fold = [&](TrackState const& state) {
            meanwhile();
            return batch.fold(state);
        };
        auto const at = next[partition];
        auto const done = store.apply(work, "log", {{partition, at}}, {{partition, at + 1}}, now);
        if (!done) return done.error();
        ++next[partition];
        return batch.world();
    }

    /// Of all keys, when they have one owner.
    std::string owner() {
        auto const found = run(pool, [&](pqxx::work& tx) {
            auto const rows = exec(tx, owners_of_keys);
            EXPECT_EQ(rows[0][0].as<int>(), 1);
            return text(rows[0][1]);
        });
        return *found;
    }
};

TEST_F(PostgresHintsTest, WhoComesAgainIsFoundByTheHint) {
    auto const first = fold(mine, {email, customer}).person_of.at(email);
    auto const world = fold(mine, {email, customer});
    EXPECT_EQ(world.person_of.at(customer), first);
    EXPECT_EQ(world.persons.size(), 1u);
}

TEST_F(PostgresHintsTest, AKeyThatWasMergedElsewhereLeadsToTheSurvivor) {
    fold(other, {customer});
    fold(mine, {email});
    fold(other, {email, customer});
    auto const survivor = owner();
    for (auto const& key : {email, customer}) {
        auto const world = fold(mine, {key});
        EXPECT_EQ(world.person_of.at(key), survivor);
        EXPECT_EQ(world.persons.size(), 1u);
    }
    EXPECT_EQ(owner(), survivor);
}

TEST_F(PostgresHintsTest, WhoWasErasedElsewhereIsSomebodyNew) {
    auto const erased = fold(mine, {email, customer}).person_of.at(email);
    fold(other, {email}, PersonErased{});
    auto const world = fold(mine, {email, customer});
    EXPECT_EQ(world.persons.size(), 1u);
    EXPECT_FALSE(world.persons.contains(erased));
    EXPECT_EQ(owner(), world.person_of.at(email));
}

TEST_F(PostgresHintsTest, WhoWasStoredElsewhereMeanwhileIsFoundTheNextTime) {
    auto const late = try_fold(mine, {email}, CustomerChanged{}, 0, [&] { fold(other, {email, customer}, CustomerChanged{}, 1); });
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, Errc::conflict);
    auto const stored = owner();
    EXPECT_EQ(fold(mine, {email}).person_of.at(email), stored);   // the same batch again
    EXPECT_EQ(fold(mine, {customer}).person_of.at(customer), stored);
    EXPECT_EQ(owner(), stored);
}

}  // namespace
}  // namespace recoup::postgres
