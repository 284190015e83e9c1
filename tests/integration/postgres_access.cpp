// Keys, origins and answers to repeated requests as Postgres keeps them.
#include "adapter/postgres/access_store.hpp"
#include "adapter/postgres/idempotency_store.hpp"
#include "adapter/postgres/shop_store.hpp"
#include "core/key/shop_key.hpp"
#include "service/admin/access_desk.hpp"
#include "support/postgres_fixture.hpp"

#include <future>
#include <gtest/gtest.h>

namespace recoup::postgres {
namespace {

struct PostgresAccessTest : testing::Test {
    test::Database database;
    Pool pool{database.options(), 2};
    ShopStore shops{pool};
    CachedShopDirectory directory{shops};
    PostgresAccessStore store{pool};
    SeededRandom random{9};
    service::AccessDesk desk{store, random, {"events"}};
    Instant const now = instant_from_seconds(1'700'000'000);

    PostgresAccessTest() {
        Shop shop;
        shop.id = "demo";
        shop.domain = "shop.example";
        EXPECT_TRUE(shops.add(shop, now));
    }
    std::vector<ShopSecret> known() {
        EXPECT_TRUE(directory.refresh());
        return directory.find("demo")->secrets;
    }
};

TEST_F(PostgresAccessTest, AKeyIsInForceWithTheNextRefreshAndSoIsItsEnd) {
    auto const made = desk.create("demo", {"events", {"cart.*", "order.completed"}, "till \"1\", back", now + Seconds{60}}, now);
    ASSERT_TRUE(made) << made.error().message;
    auto const held = known();
    ASSERT_EQ(held.size(), 1u);
    EXPECT_EQ(held[0].secret, made->key.secret);
    EXPECT_EQ(held[0].scopes, made->key.scopes);
    EXPECT_EQ(held[0].label, made->key.label);
    EXPECT_EQ(held[0].hint, made->key.hint);
    EXPECT_EQ(held[0].not_after, now + Seconds{60});
    EXPECT_EQ(held[0].created_at, now);
    ASSERT_TRUE(desk.revoke("demo", core::key_id(held[0]), now + Seconds{1}));
    EXPECT_EQ(known()[0].not_after, now + Seconds{1});
    ASSERT_TRUE(desk.revoke("demo", core::key_id(held[0]), now + Seconds{9}));
    EXPECT_EQ(known()[0].not_after, now + Seconds{1});   // it had ended
    EXPECT_EQ(desk.create("nobody", {}, now).error().code, Errc::not_found);
}

TEST_F(PostgresAccessTest, SigningSecretsAreNoKeys) {
    EXPECT_TRUE(shops.add_secret({"demo", "shopify", "hmac", "shpss_1", never}, now));
    EXPECT_TRUE(shops.add_secret({"demo", "pixel", "write_key", "px_1", never}, now));
    auto const keys = *desk.list("demo");
    ASSERT_EQ(keys.size(), 1u);
    EXPECT_EQ(keys[0].source, "pixel");
    EXPECT_EQ(known().size(), 2u);
}

TEST_F(PostgresAccessTest, UsesMoveForwardOnly) {
    ASSERT_TRUE(desk.create("demo", {}, now));
    auto used = known();
    used[0].last_used_at = now + Seconds{5};
    EXPECT_TRUE(shops.note_uses(used));
    used[0].last_used_at = now + Seconds{3};
    EXPECT_TRUE(shops.note_uses(used));
    EXPECT_EQ(desk.list("demo")->at(0).last_used_at, now + Seconds{5});
}

TEST_F(PostgresAccessTest, OriginsAreKeptWithTheirShopAndNothingElseChanges) {
    ASSERT_TRUE(desk.set_origins("demo", {"https://a.example", "null"}));
    EXPECT_EQ(*desk.origins("demo"), (std::vector<std::string>{"https://a.example", "null"}));
    EXPECT_TRUE(directory.refresh());
    EXPECT_EQ(directory.find("demo")->shop.origins.size(), 2u);
    EXPECT_EQ(directory.find("demo")->shop.domain, "shop.example");
    EXPECT_EQ(desk.set_origins("nobody", {}).error().code, Errc::not_found);
    EXPECT_EQ(desk.origins("nobody").error().code, Errc::not_found);
}

struct PostgresRepeatsTest : PostgresAccessTest {
    PostgresIdempotencyStore repeats{database.options(), 100};

    Result<Claim> claim(std::string key, Instant at) {
        std::promise<Result<Claim>> told;
        repeats.claim({"demo", std::move(key), "body"}, at, [&](Result<Claim> outcome) { told.set_value(std::move(outcome)); });
        return told.get_future().get();
    }
};

TEST_F(PostgresRepeatsTest, ASessionThatDiedIsReplacedWithoutAnybodyNoticing) {
    EXPECT_EQ(claim("a", now)->kind, Claim::Kind::first);
    test::break_sessions(database);
    EXPECT_EQ(claim("b", now)->kind, Claim::Kind::first);
}

TEST_F(PostgresRepeatsTest, OldAnswersAndTheOldestOfTooManyAreForgotten) {
    for (int i = 0; i < 5; ++i) EXPECT_EQ(claim("old" + std::to_string(i), now + Millis{i})->kind, Claim::Kind::first);
    auto const later = now + idempotency_life + Millis{1};
    for (int i = 0; i < 5; ++i) EXPECT_EQ(claim("new" + std::to_string(i), later + Millis{i})->kind, Claim::Kind::first);
    EXPECT_EQ(*forget_old_answers(pool, later, 1000), 2);   // old0 and old1
    EXPECT_EQ(*forget_old_answers(pool, later, 4), 4);      // old2 to old4, and new0
    EXPECT_EQ(claim("new0", later + Millis{5})->kind, Claim::Kind::first);
    EXPECT_EQ(claim("new4", later + Millis{5})->kind, Claim::Kind::in_progress);
}

TEST_F(PostgresRepeatsTest, WithoutADatabaseNothingIsPromised) {
    auto options = database.options();
    options.connection_string = "host=/nonexistent dbname=none";
    PostgresIdempotencyStore lost(options, 1);
    std::promise<Result<Claim>> told;
    lost.claim({"demo", "a", "body"}, now, [&](Result<Claim> outcome) { told.set_value(std::move(outcome)); });
    auto const outcome = told.get_future().get();
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, Errc::unavailable);
}

}  // namespace
}  // namespace recoup::postgres
