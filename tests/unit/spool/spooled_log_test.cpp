#include "adapter/spool/spooled_reader.hpp"

#include "adapter/memory/memory_log.hpp"
#include "adapter/prometheus/prometheus_metrics.hpp"
#include "spool_fakes.hpp"

#include <gtest/gtest.h>

namespace recoup::spool {
namespace {

constexpr Millis long_time{3'600'000};

struct SpooledLogTest : testing::Test {
    MemoryDisk disk;
    FakeBroker broker;
    FakeBoard board;
    ManualClock clock{instant_from_millis(1'700'000'000'000)};   // its ticks are real
    SeededRandom random{1};
    prometheus_adapter::PrometheusMetrics metrics{"1"};
    SpooledLog::Options options{.after = long_time, .answer_within = long_time, .board_patience = long_time, .close_drain = Millis{0}};

    std::unique_ptr<SpooledLog> open(std::unique_ptr<Folder> folder = nullptr) {
        if (!folder) folder = std::make_unique<MemoryFolder>(disk);
        auto store = Store::open(std::move(folder), {.rest_after_fault = Millis{0}}, clock, random, metrics);
        EXPECT_TRUE(store);
        broker.closed = false;
        return std::make_unique<SpooledLog>(options, std::make_unique<FakeLog>(broker), std::move(*store), &board, clock, metrics);
    }
    static std::future<Result<void>> append(EventLog& log, std::string value, std::vector<std::int64_t> stops = {}) {
        auto answer = std::make_shared<std::promise<Result<void>>>();
        log.append({{"k", std::move(value), std::move(stops)}}, [answer](Result<void> result) { answer->set_value(std::move(result)); });
        return answer->get_future();
    }
    static Errc code_of(Result<void> const& result) { return result ? Errc::internal : result.error().code; }
};

TEST_F(SpooledLogTest, WhileTheLogAnswersTheSpoolIsNotTouched) {
    auto const log = open();
    auto const calls = disk.calls;
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(append(*log, std::to_string(i)).get());
    EXPECT_FALSE(log->holding());
    EXPECT_EQ(disk.calls, calls);
    EXPECT_EQ(broker.values().size(), 20u);
}

TEST_F(SpooledLogTest, WhatALogThatIsDownRefusesIsAcknowledgedAndDrainedInOrder) {
    auto const log = open();
    broker.set(Mood::refuses);
    std::vector<std::string> expected;
    for (int i = 0; i < 50; ++i) {
        expected.push_back(std::to_string(i));
        EXPECT_TRUE(append(*log, expected.back(), {7}).get());
    }
    EXPECT_TRUE(log->holding());
    EXPECT_TRUE(broker.values().empty());
    EXPECT_FALSE(disk.names("segment-").empty());
    broker.set(Mood::takes);
    ASSERT_TRUE(log->wait_drained(long_time));
    EXPECT_EQ(broker.values(), expected);
    EXPECT_EQ(broker.records.front().stops, std::vector<std::int64_t>{7});
    EXPECT_TRUE(append(*log, "direct").get());
    EXPECT_TRUE(disk.names("segment-").empty());
}

TEST_F(SpooledLogTest, ALogThatHangsIsNotWaitedForAndItsLateAnswerIsIgnored) {
    options.after = Millis{10};
    auto const log = open();
    broker.set(Mood::hangs);
    EXPECT_TRUE(append(*log, "first").get());
    EXPECT_TRUE(append(*log, "second").get());
    broker.wake();
    ASSERT_TRUE(log->wait_drained(long_time));
    auto const values = broker.values();
    EXPECT_EQ(values.front(), "first");
    EXPECT_EQ(std::set<std::string>(values.begin(), values.end()).size(), 2u);
    EXPECT_LT(std::ranges::find(values, "first"), std::ranges::find(values, "second"));
}

TEST_F(SpooledLogTest, AppendersOfALogThatComesAndGoesKeepTheirOrder) {
    constexpr int appenders = 4, each = 300;
    auto const log = open();
    std::atomic<int> acknowledged = 0;
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < appenders; ++t)
            threads.emplace_back([&, t] {
                for (int i = 0; i < each; ++i)
                    log->append({{std::to_string(t), std::to_string(i), {}}}, [&](Result<void> result) { acknowledged += result ? 1 : 0; });
            });
        threads.emplace_back([&] {
            for (int i = 0; i < 2'000; ++i) {
                broker.set(i % 2 == 0 ? Mood::refuses : Mood::takes);
                std::this_thread::yield();
            }
            broker.set(Mood::takes);
        });
    }
    ASSERT_TRUE(log->wait_drained(long_time));
    log->close();
    EXPECT_EQ(acknowledged, appenders * each);
    std::map<std::string, int> next;
    for (auto const& record : broker.records) EXPECT_EQ(record.value, std::to_string(next[record.key]++)) << record.key;
    EXPECT_EQ(broker.records.size(), static_cast<std::size_t>(appenders * each));
}

TEST_F(SpooledLogTest, WhatComesRightBehindARefusalDoesNotOvertakeIt) {
    auto const log = open();
    broker.set(Mood::refuses_every_other);
    std::vector<std::string> expected;
    std::vector<std::future<Result<void>>> answers;
    for (int i = 0; i < 400; ++i) answers.push_back(append(*log, expected.emplace_back(std::to_string(i))));
    for (auto& answer : answers) EXPECT_TRUE(answer.get());
    ASSERT_TRUE(log->wait_drained(long_time));
    EXPECT_EQ(broker.values(), expected);
}

TEST_F(SpooledLogTest, NeitherLogNorDiskMeansAnErrorNeverAFalseAnswer) {
    auto const log = open();
    broker.set(Mood::refuses);
    disk.fail_at = disk.calls + 1;
    disk.fail_after = true;
    disk.failure = Errc::overloaded;
    for (int i = 0; i < 5; ++i) EXPECT_EQ(code_of(append(*log, std::to_string(i)).get()), Errc::overloaded);
    EXPECT_TRUE(log->refusing());
    log->measure();
    EXPECT_NE(metrics.exposition().find("\nrecoup_spool_state 2"), std::string::npos);
    {
        std::lock_guard const lock(disk.mutex);
        disk.fail_at = 0;
    }
    EXPECT_TRUE(append(*log, "again").get());
    EXPECT_FALSE(log->refusing());
    broker.set(Mood::takes);
    ASSERT_TRUE(log->wait_drained(long_time));
    EXPECT_EQ(broker.values(), std::vector<std::string>{"again"});
}

TEST_F(SpooledLogTest, ADiskThatHangsIsNotWaitedForEither) {
    options.after = Millis{5};
    options.answer_within = Millis{20};
    std::promise<void> let_go;
    auto const log = open(std::make_unique<StuckFolder>(disk, let_go.get_future().share()));
    broker.set(Mood::hangs);
    EXPECT_EQ(code_of(append(*log, "stuck").get()), Errc::unavailable);
    let_go.set_value();   // a second answer would throw in the promise
    broker.wake();
    EXPECT_TRUE(log->wait_drained(long_time));
}

TEST_F(SpooledLogTest, OthersAreToldBeforeTheFirstAcknowledgement) {
    auto const log = open();
    broker.set(Mood::refuses);
    auto const before = log->detours();
    EXPECT_TRUE(append(*log, "order", {1}).get());
    EXPECT_TRUE(board.is_up());
    EXPECT_EQ(log->detours(), before + 1) << "a claim that is open now must not send";
    EXPECT_TRUE(append(*log, "page view").get());
    EXPECT_EQ(log->detours(), before + 1);
    broker.set(Mood::takes);
    ASSERT_TRUE(log->wait_drained(long_time));
    std::unique_lock lock(board.mutex);
    EXPECT_TRUE(board.lowered.wait_for(lock, long_time, [&] { return board.up.empty(); }));
    EXPECT_EQ(board.raises, 1);
}

TEST_F(SpooledLogTest, ABoardThatIsAwayHoldsNothingUpAndIsToldLater) {
    board.away = true;
    auto const log = open();
    broker.set(Mood::refuses);
    EXPECT_TRUE(append(*log, "order", {1}).get());
    {
        std::lock_guard const lock(board.mutex);
        board.away = false;
    }
    while (!board.is_up()) std::this_thread::yield();
    EXPECT_TRUE(log->holding());
}

TEST_F(SpooledLogTest, ARecordThatTheLogNeverTakesDoesNotHoldUpTheRest) {
    auto const log = open();
    broker.set(Mood::refuses);
    std::vector<std::string> expected;
    for (int i = 0; i < 9; ++i) {
        EXPECT_TRUE(append(*log, std::to_string(i)).get());
        if (i != 4) expected.push_back(std::to_string(i));
    }
    {
        std::lock_guard const lock(broker.mutex);
        broker.poison = "4";
        broker.mood = Mood::takes;
    }
    ASSERT_TRUE(log->wait_drained(long_time));
    EXPECT_EQ(broker.values(), expected);
    EXPECT_EQ(disk.names("refused-").size(), 1u);
    EXPECT_EQ(code_of(append(*log, "4").get()), Errc::too_large) << "directly, its sender hears it";
}

TEST_F(SpooledLogTest, WhatIsTooLargeForTheLogIsNotSpooled) {
    options.record_bytes = 10;
    auto const log = open();
    broker.set(Mood::refuses);
    EXPECT_EQ(code_of(append(*log, "more than ten bytes").get()), Errc::too_large);
    EXPECT_FALSE(log->holding());
}

TEST_F(SpooledLogTest, CloseLeavesTheRestForTheNextStartWhichDrainsItFirst) {
    options.after = Millis{5};
    auto log = open();
    broker.set(Mood::hangs);
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(append(*log, std::to_string(i)).get());
    log->close();
    EXPECT_EQ(code_of(append(*log, "late").get()), Errc::overloaded);
    log.reset();
    EXPECT_TRUE(board.is_up()) << "what others were told stays until it is drained";
    disk.crash();
    broker.set(Mood::takes);
    options.after = long_time;
    log = open();
    EXPECT_TRUE(append(*log, "newer").get());
    ASSERT_TRUE(log->wait_drained(long_time));
    EXPECT_EQ(broker.values(), (std::vector<std::string>{"0", "1", "2", "newer"}));
}

struct SpooledReaderTest : SpooledLogTest {
    memory::LogStorage storage{1};
    SpooledReader::Options reading{.patience = Millis{0}, .grace = Millis{0}};

    std::unique_ptr<SpooledReader> reader(SpooledLog const* own) {
        auto inner = std::make_unique<memory::MemoryLogReader>(storage, [](int) { return Result<std::int64_t>(-1); });
        return std::make_unique<SpooledReader>(reading, std::move(inner), own, &board, clock);
    }
};

TEST_F(SpooledReaderTest, TheBarrierIsClosedWhileTheOwnSpoolHoldsEvents) {
    auto const log = open();
    auto const barrier = reader(&*log);
    ASSERT_TRUE(barrier->end());
    broker.set(Mood::refuses);
    auto const before = barrier->detours();
    EXPECT_TRUE(append(*log, "order", {1}).get());
    EXPECT_NE(barrier->detours(), before);
    auto const closed = barrier->end();
    ASSERT_FALSE(closed);
    EXPECT_EQ(closed.error().code, Errc::unavailable);
    EXPECT_TRUE(barrier->end_of_log());
    broker.set(Mood::takes);
    ASSERT_TRUE(log->wait_drained(long_time));
    EXPECT_TRUE(barrier->end());
}

TEST_F(SpooledReaderTest, TheBarrierIsClosedWhileAnotherInstanceSpools) {
    auto const barrier = reader(nullptr);
    ASSERT_TRUE(barrier->end());
    ASSERT_TRUE(board.raise("other", clock.now()));
    auto const closed = barrier->end();
    ASSERT_FALSE(closed);
    EXPECT_NE(closed.error().message.find("other"), std::string::npos);
    ASSERT_TRUE(board.lower("other"));
    EXPECT_TRUE(barrier->end());
}

TEST_F(SpooledReaderTest, AfterTheBoardWasAwayOthersGetTimeToSaySo) {
    reading.grace = long_time;
    auto const barrier = reader(nullptr);
    ASSERT_TRUE(barrier->end());
    board.away = true;
    EXPECT_FALSE(barrier->end());
    board.away = false;
    auto const closed = barrier->end();
    ASSERT_FALSE(closed);
    EXPECT_EQ(closed.error().code, Errc::unavailable);
}

}  // namespace
}  // namespace recoup::spool
