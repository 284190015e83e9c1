// Track instances come and go: nothing is lost, nothing is folded twice. The writer's own list of what was acknowledged
// is the oracle. RECOUP_REBALANCE_SECONDS makes it longer, RECOUP_REBALANCE_SEED another run.
#include "adapter/kafka/log_reader.hpp"
#include "adapter/kafka/log_writer.hpp"
#include "adapter/postgres/dead_letters.hpp"
#include "adapter/postgres/probation.hpp"
#include "adapter/postgres/shop_store.hpp"
#include "adapter/postgres/track_store.hpp"
#include "core/plan/stops.hpp"
#include "service/tracker/tracker.hpp"
#include "simulation/stand_ins.hpp"
#include "support/kafka_fixture.hpp"
#include "support/postgres_fixture.hpp"

#include <atomic>
#include <cstdlib>
#include <gtest/gtest.h>
#include <thread>

namespace recoup::kafka {
namespace {

constexpr int partitions = 6;
constexpr int slots = 4;              // members that may be there at once

std::int64_t from_environment(char const* name, std::int64_t fallback) {
    auto const* value = std::getenv(name);
    return value == nullptr ? fallback : std::atoll(value);
}

/// Writes down which stretch of which partition was committed by whom.
class LedgerStore final : public TrackStore {
public:
    struct Ledger {
        std::mutex mutex;
        std::map<std::pair<int, std::int64_t>, std::int64_t> stretches;   // (partition, from) -> to
        std::atomic<int> fenced = 0;
    };

    LedgerStore(TrackStore& inner, Ledger& ledger) : inner_(inner), ledger_(ledger) {}
    Result<std::int64_t> position(std::string_view log, int partition) override {
        return inner_.position(log, partition);
    }
    Result<LogPositions> positions(std::string_view log) override { return inner_.positions(log); }
    Result<void> apply(std::vector<ShopWork>& work, std::string_view log, LogPositions const& from,
                       LogPositions const& to, Instant now) override {
        auto done = inner_.apply(work, log, from, to, now);
        if (!done) {
            if (done.error().code == Errc::conflict) ++ledger_.fenced;
            return done;
        }
        std::lock_guard const lock(ledger_.mutex);
        for (auto const& [partition, first] : from) {
            auto const [place, fresh] = ledger_.stretches.try_emplace({partition, first}, to.at(partition));
            EXPECT_TRUE(fresh) << "partition " << partition << " was committed twice from " << first << " on";
        }
        return done;
    }

private:
    TrackStore& inner_;
    Ledger& ledger_;
};

using Assignment = KafkaLogReader::Assignment;

class KafkaRebalances : public testing::TestWithParam<Assignment> {
protected:
    KafkaRebalances() {
        Shop shop;
        shop.id = "s";
        EXPECT_TRUE(shops.add(shop, clock.now()));
    }

    /// One life of a member: joins, folds for a while, leaves.
    void live(std::uint64_t life_ms) {
        postgres::PostgresTrackStore plain(pool);
        LedgerStore store(plain, ledger);
        SeededRandom random{1};
        postgres::PostgresDeadLetters letters(pool, SealingKey::from_base64_text(to_base64(Bytes(32, 5))).value(),
                                              random);
        postgres::PostgresProbation probation(database.options(), clock);
        KafkaLogReader::Options options;
        options.client = client;
        options.group = client.topic;
        options.assignment = GetParam();
        auto reader = KafkaLogReader::open(
            options, [&](int partition) { return store.position(log_name, partition); }, clock);
        ASSERT_TRUE(reader) << reader.error().message;
        simulation::NoMetrics metrics;
        service::Tracker tracker(**reader, {store, letters, probation}, clock, metrics, {}, {log_name, 50, {}});
        auto const until = clock.ticks() + std::chrono::milliseconds(life_ms);
        while (clock.ticks() < until) {
            auto const done = tracker.run_once(Millis{50});
            bool const in_order =
                done || faulty || done.error().code == Errc::conflict || done.error().code == Errc::unavailable;
            EXPECT_TRUE(in_order) << done.error().message;
        }
        ++lives;
    }
    /// Appends until told to stop; answers what was acknowledged.
    std::set<std::string> produce(std::stop_token const& stop) {
        KafkaLog::Options options;
        options.client = client;
        auto const log = KafkaLog::open(options);
        EXPECT_TRUE(log);
        std::set<std::string> acknowledged;
        std::mutex mutex;
        for (int i = 0; !stop.stop_requested(); ++i) {
            Event event;
            event.shop_id = "s";
            event.source = "events";
            event.id = "e" + std::to_string(i);
            event.received_at = event.occurred_at = clock.now();
            (*log)->append({core::log_record(event)}, [&, id = event.id](Result<void> stored) {
                std::lock_guard const lock(mutex);
                if (stored) acknowledged.insert(id);
            });
            std::this_thread::sleep_for(std::chrono::milliseconds(2));   // the rate, not a wait for anything
        }
        (*log)->close();
        return acknowledged;
    }
    std::set<std::string> folded() {
        postgres::Connection connection(database.options());
        auto const ids = postgres::run(connection, [](pqxx::work& tx) {
            std::set<std::string> found;
            for (auto const& row : tx.exec("select event_id from inbox")) found.insert(row[0].as<std::string>());
            return found;
        });
        return *ids;
    }

    static constexpr char const* log_name = "kafka:rebalances";
    SystemClock clock;
    test::Database database;
    postgres::Pool pool{database.options(), 2 * slots};
    postgres::ShopStore shops{pool};
    ClientOptions client = test::fresh_kafka_topic(partitions);
    LedgerStore::Ledger ledger;
    std::atomic<int> lives = 0;
    bool faulty = false;                  // some record cannot be folded
};

TEST_P(KafkaRebalances, FiftyAMinuteLoseAndDoubleNothing) {
    auto const seconds = from_environment("RECOUP_REBALANCE_SECONDS", 12);
    auto const seed = static_cast<std::uint64_t>(from_environment("RECOUP_REBALANCE_SEED", 1));
    std::set<std::string> acknowledged;
    {
        std::jthread producer([&](std::stop_token const& stop) { acknowledged = produce(stop); });
        auto const until = clock.ticks() + Seconds{seconds};
        std::vector<std::jthread> members;
        for (int slot = 0; slot < slots; ++slot)
            members.emplace_back(
                [this, until, chance = SeededRandom(seed * 100 + static_cast<std::uint64_t>(slot))]() mutable {
                    while (clock.ticks() < until)
                        live(1500 + chance.below(4000));  // 4 slots: about 70 joins and 70 leaves a minute
                });
    }
    auto const deadline = clock.ticks() + Seconds{60};
    while (folded().size() < acknowledged.size() && clock.ticks() < deadline) live(1000);  // one is left and catches up

    EXPECT_GT(acknowledged.size(), 1000u);
    auto const found = folded();
    for (auto const& id : acknowledged) ASSERT_TRUE(found.contains(id)) << id << " was acknowledged and is lost";
    std::map<int, std::int64_t> next;
    for (auto const& [place, to] : ledger.stretches) {   // in order: each stretch begins where the one before it ended
        ASSERT_EQ(place.second, next[place.first]) << "partition " << place.first;
        next[place.first] = to;
    }
    std::printf("%d lives, %zu events, %d commits of former owners refused\n", lives.load(), found.size(),
                ledger.fenced.load());
    RecordProperty("lives", lives.load());
}

TEST_P(KafkaRebalances, AnInstanceThatLostAPartitionCannotCommitForIt) {
    KafkaLog::Options options;
    options.client = client;
    auto const log = KafkaLog::open(options);
    ASSERT_TRUE(log);
    for (int i = 0; i < 60; ++i) {
        Event event;
        event.shop_id = "s";
        event.source = "events";
        event.id = "e" + std::to_string(i);
        event.received_at = event.occurred_at = clock.now();
        (*log)->append({core::log_record(event)}, [](Result<void> const&) {});
    }
    (*log)->close();
    postgres::PostgresTrackStore store(pool);
    KafkaLogReader::Options reading;
    reading.client = client;
    reading.group = client.topic;
    reading.assignment = GetParam();
    auto const stored = [&](int partition) { return store.position(log_name, partition); };
    auto former = KafkaLogReader::open(reading, stored, clock);
    ASSERT_TRUE(former);
    std::vector<ReadRecord> in_hand;
    auto const deadline = clock.ticks() + Seconds{30};
    while (in_hand.empty() && clock.ticks() < deadline) in_hand = (*former)->poll(1000, Millis{100}).value();
    ASSERT_FALSE(in_hand.empty());
    reading.group += "-other";   // a group of its own: it reads what the former has in hand
    {
        auto successor = KafkaLogReader::open(reading, stored, clock);
        ASSERT_TRUE(successor);
        std::int64_t taken = 0;
        while (taken == 0 && clock.ticks() < deadline)
            for (auto const& record : (*successor)->poll(1000, Millis{100}).value()) {
                if (record.partition != in_hand[0].partition) continue;
                std::vector<ShopWork> nothing;
                ASSERT_TRUE(store.apply(nothing, log_name, {{record.partition, record.offset}},
                                        {{record.partition, record.offset + 1}}, clock.now()));
                taken = record.offset + 1;
            }
        ASSERT_GT(taken, 0);
    }
    std::vector<ShopWork> nothing;
    auto const late = store.apply(nothing, log_name, {{in_hand[0].partition, in_hand[0].offset}},
                                  {{in_hand[0].partition, in_hand[0].offset + 1}}, clock.now());
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, Errc::conflict);
}

TEST_P(KafkaRebalances, RecordsThatNobodyCanReadOrFoldArePutAside) {
    KafkaLog::Options options;
    options.client = client;
    auto const log = KafkaLog::open(options);
    ASSERT_TRUE(log);
    Event good;
    good.shop_id = "s";
    good.source = "events";
    good.id = "good";
    good.received_at = good.occurred_at = clock.now();
    auto poison = good;
    poison.id = "poison";
    poison.occurred_at = instant_from_millis(900'000'000'000'000'000);   // no row can hold it
    auto const key = good.log_key();   // of all three: one partition
    for (auto const& value : {std::string("\xFF\xFF"), core::log_record(poison).value, core::log_record(good).value})
        (*log)->append({{key, value}}, [](Result<void> const& stored) { EXPECT_TRUE(stored); });
    (*log)->close();
    faulty = true;
    for (int life = 0; life < 10 && !folded().contains("good"); ++life) live(3000);
    EXPECT_EQ(folded(), std::set<std::string>{"good"});
    postgres::Connection connection(database.options());
    auto const kinds = postgres::run(connection, [](pqxx::work& tx) {
        std::multiset<std::string> found;
        for (auto const& row : tx.exec("select kind from dead_letter")) found.insert(row[0].as<std::string>());
        return found;
    });
    EXPECT_EQ(*kinds, (std::multiset<std::string>{"poison", "unreadable"}));
}

INSTANTIATE_TEST_SUITE_P(Both, KafkaRebalances, testing::Values(Assignment::cooperative, Assignment::eager),
                         [](auto const& tested) {
                             return std::string(tested.param == Assignment::eager ? "eager" : "cooperative");
                         });

}  // namespace
}  // namespace recoup::kafka
