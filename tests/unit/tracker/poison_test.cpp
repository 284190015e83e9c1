// No record blocks its partition: what cannot be decoded, and what ends the process or fails every time, is put aside.

#include "adapter/memory/dead_letters.hpp"
#include "adapter/memory/memory_log.hpp"
#include "adapter/memory/probation.hpp"
#include "adapter/memory/track_store.hpp"
#include "core/codec/event_codec.hpp"
#include "core/plan/stops.hpp"
#include "recoup/base/limits.hpp"
#include "service/tracker/tracker.hpp"
#include "simulation/stand_ins.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace recoup::service {
namespace {

Instant const today = parse_rfc3339("2026-03-02T12:00:00Z").value();

struct Death {};   // no exception of the library's: nothing may catch it on the way

/// Misbehaves for one event, as a fold with a bug would, or answers errors.
class FaultyStore final : public TrackStore {
public:
    enum class Fault : unsigned char { none, death, exception };

    explicit FaultyStore(TrackStore& inner) : inner_(inner) {}
    Result<std::int64_t> position(std::string_view log, int partition) override {
        return inner_.position(log, partition);
    }
    Result<LogPositions> positions(std::string_view log) override { return inner_.positions(log); }
    Result<void> apply(std::vector<ShopWork>& work, std::string_view log, LogPositions const& from,
                       LogPositions const& to, Instant now) override {
        ++applied;
        if (!errors.empty()) {
            auto const code = errors.back();
            errors.pop_back();
            return error(code, "not now");
        }
        for (auto const& shop : work)
            for (auto const& id : shop.want.event_ids)
                if (id == bad && fault == Fault::death) throw Death{};
                else if (id == bad && fault == Fault::exception) throw std::runtime_error("a bug");
        return inner_.apply(work, log, from, to, now);
    }

    std::string bad;
    Fault fault = Fault::none;
    std::vector<Errc> errors;
    int applied = 0;

private:
    TrackStore& inner_;
};

class CountingProbation final : public ProbationStore {
public:
    explicit CountingProbation(ProbationStore& inner) : inner_(inner) {}
    Result<void> hold(std::string_view log, int partition) override { return inner_.hold(log, partition); }
    Result<int> begin(std::string_view log, int partition, std::int64_t first, bool excused) override {
        ++begun;
        return inner_.begin(log, partition, first, excused);
    }
    void let_go() override { inner_.let_go(); }
    Result<void> clear(std::string_view log, std::vector<int> const& partitions) override {
        ++cleared;
        return inner_.clear(log, partitions);
    }
    int begun = 0, cleared = 0;

private:
    ProbationStore& inner_;
};

class PoisonTest : public testing::Test {
protected:
    PoisonTest() {
        Shop shop;
        shop.id = "demo";
        EXPECT_TRUE(database.add_shop(shop));
    }

    /// What one process has.
    struct Process {
        explicit Process(PoisonTest& test)
            : probation(test.database),
              counting(probation),
              reader(test.storage, [&test](int partition) { return test.plain.position("memory", partition); }),
              tracker(reader, {test.store, test.letters, counting}, test.clock, test.metrics, {}, {"memory", 100, {}}) {
        }
        memory::MemoryProbation probation;
        CountingProbation counting;
        memory::MemoryLogReader reader;
        Tracker tracker;
    };

    void append(std::string const& id) {
        Event event;
        event.shop_id = "demo";
        event.source = "events";
        event.id = id;
        event.received_at = event.occurred_at = today;
        storage.append({core::log_record(event)});
    }
    std::vector<Letter> kept() { return letters.list({}).value(); }
    bool folded(std::string const& id) { return database.state().inbox.contains({"demo", id}); }
    /// Lives until everything is worked off; returns how many processes died on the way.
    int live() {
        for (int deaths = 0; deaths < 50; ++deaths) {
            Process process(*this);
            try {
                for (int turn = 0; turn < 100; ++turn)
                    if (auto const done = process.tracker.run_once(Millis{0}); done && *done == 0) return deaths;
            } catch (Death const&) {
            }
        }
        return -1;
    }

    memory::LogStorage storage{1};
    memory::Database database;
    memory::MemoryTrackStore plain{database};
    memory::MemoryDeadLetters letters{database};
    FaultyStore store{plain};
    ManualClock clock{today};
    simulation::NoMetrics metrics;
};

TEST_F(PoisonTest, ARecordThatEndsTheProcessEveryTimeIsPutAsideAndItsNeighboursAreFolded) {
    for (int i = 0; i < 20; ++i) append("e" + std::to_string(i));
    store.bad = "e7";
    store.fault = FaultyStore::Fault::death;
    EXPECT_EQ(live(), limits::poison_tries + 1) << "once as a batch, then alone";
    for (int i = 0; i < 20; ++i) EXPECT_EQ(folded("e" + std::to_string(i)), i != 7) << i;
    auto const kept_letters = kept();
    ASSERT_EQ(kept_letters.size(), 1u);
    auto const letter = letters.find(kept_letters[0].id).value();
    EXPECT_EQ(letter.kind, LetterKind::poison);
    EXPECT_EQ(letter.form, LetterForm::record);
    EXPECT_EQ(letter.event_id, "e7");
    EXPECT_EQ(letter.attempts, limits::poison_tries);
    EXPECT_EQ(core::decode_event(letter.raw)->id, "e7");
    append("later");
    EXPECT_EQ(live(), 0);
    EXPECT_TRUE(folded("later"));
    EXPECT_EQ(database.state().tries.size(), 0u) << "nothing is left of the probation";
}

TEST_F(PoisonTest, TheFirstAndTheLastRecordOfTheLogArePutAsideAsWell) {
    for (std::string const& bad : {std::string("first"), std::string("last")}) {
        append(bad);
        store.bad = bad;
        store.fault = FaultyStore::Fault::death;
        EXPECT_GT(live(), 0);
        EXPECT_FALSE(folded(bad));
        append("after " + bad);
        EXPECT_EQ(live(), 0);
        EXPECT_TRUE(folded("after " + bad));
    }
    EXPECT_EQ(kept().size(), 2u);
}

TEST_F(PoisonTest, AFoldThatThrowsIsPutAsideWithoutARestart) {
    for (int i = 0; i < 5; ++i) append("e" + std::to_string(i));
    store.bad = "e2";
    store.fault = FaultyStore::Fault::exception;
    EXPECT_EQ(live(), 0);
    for (int i = 0; i < 5; ++i) EXPECT_EQ(folded("e" + std::to_string(i)), i != 2) << i;
    ASSERT_EQ(kept().size(), 1u);
    EXPECT_EQ(kept()[0].kind, LetterKind::poison);
}

TEST_F(PoisonTest, OutagesAndConflictsAreNotHeldAgainstTheRecords) {
    append("e");
    for (int i = 0; i < 10; ++i)
        for (auto const code : {Errc::unavailable, Errc::conflict, Errc::overloaded}) store.errors.push_back(code);
    EXPECT_EQ(live(), 0);
    EXPECT_TRUE(folded("e"));
    EXPECT_TRUE(kept().empty());
}

TEST_F(PoisonTest, InSteadyStateNothingIsCounted) {
    append("first");
    Process process(*this);
    ASSERT_TRUE(process.tracker.run_once(Millis{0}));
    EXPECT_EQ(process.counting.begun, 1);
    EXPECT_EQ(process.counting.cleared, 1);
    for (int i = 0; i < 10; ++i) {
        append("e" + std::to_string(i));
        ASSERT_TRUE(process.tracker.run_once(Millis{0}));
    }
    EXPECT_EQ(process.counting.begun, 1);
    EXPECT_EQ(process.counting.cleared, 1);
    store.errors = {Errc::internal};
    append("once more");
    ASSERT_FALSE(process.tracker.run_once(Millis{0}));
    ASSERT_TRUE(process.tracker.run_once(Millis{0}));
    EXPECT_EQ(process.counting.begun, 2) << "on probation again";
    append("and again");
    ASSERT_TRUE(process.tracker.run_once(Millis{0}));
    EXPECT_EQ(process.counting.begun, 2);
    EXPECT_TRUE(kept().empty());
}

TEST_F(PoisonTest, WhileATrackerIsOnProbationAnotherOneWaits) {
    append("e");
    memory::MemoryProbation other(database);
    ASSERT_TRUE(other.hold("memory", 0));
    Process process(*this);
    auto const refused = process.tracker.run_once(Millis{0});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::conflict);
    ASSERT_TRUE(other.clear("memory", {0}));
    EXPECT_TRUE(process.tracker.run_once(Millis{0}));
    EXPECT_TRUE(folded("e"));
}

TEST_F(PoisonTest, ATrackerThatFailedLeavesItsPartitionToOthers) {
    append("e");
    Process failing(*this), other(*this);
    store.errors = {Errc::unavailable};
    ASSERT_FALSE(failing.tracker.run_once(Millis{0}));
    EXPECT_TRUE(other.tracker.run_once(Millis{0})) << "the first may never get this partition again";
    EXPECT_TRUE(folded("e"));
}

TEST_F(PoisonTest, WhatCannotBeDecodedBecomesALetterOfItsShop) {
    append("before");
    storage.append({{"demo/cart_1", "\xFF\xFF not an event, mail jane@example.com"}});
    storage.append({{"nobody", ""}});
    append("after");
    EXPECT_EQ(live(), 0);
    EXPECT_TRUE(folded("before"));
    EXPECT_TRUE(folded("after"));
    auto const kept_letters = kept();
    ASSERT_EQ(kept_letters.size(), 2u);
    std::map<std::string, std::string> shops;
    for (auto const& letter : kept_letters) {
        EXPECT_EQ(letter.kind, LetterKind::unreadable);
        shops[letter.event_id] = letter.shop_id;
    }
    EXPECT_EQ(shops, (std::map<std::string, std::string>{{"memory/0/1", "demo"}, {"memory/0/2", ""}}));
}

}  // namespace
}  // namespace recoup::service
