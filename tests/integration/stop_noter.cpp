// Stops of a log that is elsewhere: seen by claims until their fold, and never left behind.
#include "adapter/postgres/stop_noter.hpp"

#include "adapter/postgres/log_stop.hpp"
#include "adapter/postgres/track_store.hpp"
#include "recoup/base/clock.hpp"
#include "support/postgres_fixture.hpp"

#include <future>
#include <gtest/gtest.h>

namespace recoup::postgres {
namespace {

constexpr char const* kafka_log = "kafka:events";

class StopNoterTest : public testing::Test {
protected:
    void note(int partition, std::int64_t end_offset, std::vector<std::int64_t> hashes) {
        std::promise<void> answered;
        noter.note({{partition, end_offset, std::move(hashes)}}, [&] { answered.set_value(); });
        answered.get_future().wait();
    }
    void fold(int partition, std::int64_t from, std::int64_t to) {
        std::vector<ShopWork> nothing;
        auto const done = store.apply(nothing, kafka_log, {{partition, from}}, {{partition, to}}, clock.now());
        ASSERT_TRUE(done) << done.error().message;
    }
    std::set<std::int64_t> pending(std::vector<std::int64_t> const& hashes) {
        return run(pool, [&](pqxx::work& tx) { return pending_stops(tx, hashes); }).value();
    }

    SystemClock clock;
    test::Database database;
    Pool pool{database.options(), 2};
    PostgresTrackStore store{pool};
    StopNoter noter{database.options(), kafka_log};
};

TEST_F(StopNoterTest, AClaimSeesThemUntilTheirOwnPartitionIsFolded) {
    note(1, 10, {5, 6});
    EXPECT_EQ(pending({4, 5, 6}), (std::set<std::int64_t>{5, 6}));
    fold(0, 0, 99);
    fold(1, 0, 9);
    EXPECT_EQ(pending({5, 6}), (std::set<std::int64_t>{5, 6}));
    fold(1, 9, 10);
    EXPECT_TRUE(pending({5, 6}).empty());
}

TEST_F(StopNoterTest, WhatIsFoldedAlreadyIsNotNoted) {
    fold(1, 0, 10);
    note(1, 10, {5});
    note(1, 11, {6});
    EXPECT_EQ(pending({5, 6}), std::set<std::int64_t>{6});
}

TEST_F(StopNoterTest, ANoteWaitsForAClaimThatIsOpen) {
    Connection other(database.options());
    std::promise<void> answered;
    auto future = answered.get_future();
    ASSERT_TRUE(run(other, [&](pqxx::work& tx) {
        EXPECT_TRUE(pending_stops(tx, {5}).empty());
        noter.note({{0, 1, {5}}}, [&] { answered.set_value(); });
        EXPECT_EQ(future.wait_for(Millis{100}), std::future_status::timeout) << "the sender hears after the claim";
    }));
    future.wait();
    EXPECT_EQ(pending({5}), std::set<std::int64_t>{5});
}

TEST_F(StopNoterTest, WithoutADatabaseTheAnswerIsNotHeldBack) {
    ConnectionOptions away;
    away.connection_string = "host=/nowhere dbname=recoup";
    StopNoter lost(away, kafka_log);
    std::promise<void> answered;
    lost.note({{0, 1, {5}}}, [&] { answered.set_value(); });
    answered.get_future().wait();
    lost.close();
    bool at_once = false;
    lost.note({{0, 2, {5}}}, [&] { at_once = true; });
    EXPECT_TRUE(at_once);
}

}  // namespace
}  // namespace recoup::postgres
