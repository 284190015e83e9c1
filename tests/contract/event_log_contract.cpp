#include "contract/event_log_contract.hpp"

#include "recoup/base/clock.hpp"
#include "recoup/base/limits.hpp"
#include "recoup/base/random.hpp"

#include <atomic>
#include <future>
#include <gtest/gtest.h>
#include <set>
#include <thread>

namespace recoup::test {
namespace {

struct Adapter {
    char const* name;
    std::unique_ptr<EventLogWorld> (*make)();

    friend std::ostream& operator<<(std::ostream& out, Adapter const& adapter) { return out << adapter.name; }
};

class EventLogContract : public testing::TestWithParam<Adapter> {
protected:
    static Result<void> append(EventLog& log, std::vector<LogRecord> records) {
        auto answer = std::make_shared<std::promise<Result<void>>>();
        auto future = answer->get_future();
        log.append(std::move(records), [answer](Result<void> result) { answer->set_value(std::move(result)); });
        return future.get();
    }
    void append_ok(std::vector<LogRecord> records) {
        auto const result = append(*log_, std::move(records));
        ASSERT_TRUE(result) << result.error().message;
    }
    std::unique_ptr<LogReader> open_reader() {
        return world_->open_reader([this](int partition) -> Result<std::int64_t> {
            if (stored_fails_) return error(Errc::unavailable, "the store is away");
            auto const found = stored_.find(partition);
            return found == stored_.end() ? -1 : found->second;
        });
    }
    /// Polls until `count` records came, as long as that takes within reason.
    static std::vector<ReadRecord> read(LogReader& reader, std::size_t count, std::size_t max = 100) {
        std::vector<ReadRecord> records;
        SystemClock const clock;
        auto const deadline = clock.ticks() + Seconds(30);
        while (records.size() < count && clock.ticks() < deadline) {
            auto polled = reader.poll(max, Millis(500));
            EXPECT_TRUE(polled) << polled.error().message;
            if (!polled) break;
            EXPECT_LE(polled->size(), max);
            for (auto& record : *polled) records.push_back(std::move(record));
        }
        return records;
    }
    void store(std::vector<ReadRecord> const& records) {
        for (auto const& record : records) stored_[record.partition] = record.offset + 1;
    }
    static std::multiset<std::string> values(std::vector<ReadRecord> const& records) {
        std::multiset<std::string> found;
        for (auto const& record : records) found.insert(record.value);
        return found;
    }
    static std::vector<LogRecord> numbered(int from, int to) {
        std::vector<LogRecord> records;
        for (int i = from; i < to; ++i)
            records.push_back({"key" + std::to_string(i % 5), "value" + std::to_string(i)});
        return records;
    }

    std::unique_ptr<EventLogWorld> world_ = GetParam().make();
    std::unique_ptr<EventLog> log_ = world_->open_log();
    LogPositions stored_;
    bool stored_fails_ = false;
};

TEST_P(EventLogContract, GivesBackWhatWasAppendedInOrderWithinAKey) {
    for (int i = 0; i < 40; i += 10) append_ok(numbered(i, i + 10));
    auto const reader = open_reader();
    auto const records = read(*reader, 40, 7);
    ASSERT_EQ(records.size(), 40u);
    std::map<std::string, int> last;
    std::map<int, std::int64_t> offsets;
    std::map<std::string, int> partition_of;
    for (auto const& record : records) {
        int const number = std::stoi(record.value.substr(5));
        EXPECT_EQ(record.key, "key" + std::to_string(number % 5));
        EXPECT_GE(number, last[record.key]) << "order within a key";
        last[record.key] = number;
        EXPECT_EQ(record.offset, offsets[record.partition]) << "offsets follow each other from 0";
        offsets[record.partition] = record.offset + 1;
        EXPECT_EQ(partition_of.emplace(record.key, record.partition).first->second, record.partition);
    }
    auto const nothing = reader->poll(10, Millis(10));
    ASSERT_TRUE(nothing);
    EXPECT_TRUE(nothing->empty());
}

TEST_P(EventLogContract, KeepsBytesAsTheyAreUpToAMebibyte) {
    SeededRandom random(3);
    std::string big(1024 * 1024, '\0');
    random.fill({reinterpret_cast<std::uint8_t*>(big.data()), big.size()});
    append_ok({{"k", std::string("\0\xFF\n", 3)}, {"k", ""}, {"k", big}});
    auto const records = read(*open_reader(), 3);
    ASSERT_EQ(records.size(), 3u);
    EXPECT_EQ(records[0].value, std::string("\0\xFF\n", 3));
    EXPECT_EQ(records[1].value, "");
    EXPECT_TRUE(records[2].value == big);
}

TEST_P(EventLogContract, ResumesFromStoredPositionsInTheMiddleOfAnAppend) {
    append_ok(numbered(0, 30));
    std::vector<ReadRecord> first;
    {
        auto const reader = open_reader();
        first = read(*reader, 11, 11);
        store(first);
    }
    auto const rest = read(*open_reader(), 30 - first.size());
    auto all = values(first);
    all.merge(values(rest));
    EXPECT_EQ(all.size(), 30u);
    EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), 30u) << "no record twice, none missing";
}

TEST_P(EventLogContract, RewindGivesAgainWhatWasNotStored) {
    append_ok(numbered(0, 20));
    auto const reader = open_reader();
    auto const first = read(*reader, 8, 8);
    store(first);
    auto const lost = read(*reader, 20 - first.size());
    ASSERT_EQ(first.size() + lost.size(), 20u);
    reader->rewind();
    auto const again = read(*reader, lost.size());
    EXPECT_EQ(values(again), values(lost));
    append_ok({{"key0", "later"}});
    store(again);
    auto const later = read(*reader, 1);
    ASSERT_EQ(later.size(), 1u);
    EXPECT_EQ(later[0].value, "later");
}

TEST_P(EventLogContract, ReportsAStoreThatIsAwayAndGoesOnAfterwards) {
    append_ok(numbered(0, 10));
    auto const reader = open_reader();
    auto const first = read(*reader, 10, 4);
    store(first);
    stored_fails_ = true;
    reader->rewind();
    auto const refused = reader->poll(10, Millis(2'000));
    ASSERT_FALSE(refused) << "reading on from a guessed position would lose or repeat records";
    EXPECT_EQ(refused.error().code, Errc::unavailable);
    stored_fails_ = false;
    append_ok({{"key1", "after"}});
    auto const records = read(*reader, 1);
    ASSERT_EQ(records.size(), 1u);
    EXPECT_EQ(records[0].value, "after");
}

TEST_P(EventLogContract, TheEndIsABarrierBehindEverythingDurable) {
    auto const reader = open_reader();
    auto const before = reader->end();
    ASSERT_TRUE(before) << before.error().message;
    for (auto const& [partition, next] : *before) EXPECT_EQ(next, 0) << partition;

    append_ok(numbered(0, 25));
    auto const end = reader->end();
    ASSERT_TRUE(end);
    EXPECT_EQ(end->size(), before->size()) << "every partition, also one without records";
    store(read(*reader, 25));
    std::int64_t total = 0;
    for (auto const& [partition, next] : *end) {
        total += next;
        EXPECT_EQ(next, stored_[partition]);
    }
    EXPECT_EQ(total, 25);
}

TEST_P(EventLogContract, ManyAppendersLoseAndRepeatNothing) {
    constexpr int appenders = 8, each = 200;
    std::atomic<int> durable = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < appenders; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < each; ++i) {
                auto const name = std::to_string(t) + ":" + std::to_string(i);
                log_->append({{"key" + std::to_string(t), name}}, [&](Result<void> result) {
                    if (result) ++durable;
                });
            }
        });
    }
    auto const reader = open_reader();
    auto const records = read(*reader, appenders * each);
    for (auto& thread : threads) thread.join();
    log_->close();
    EXPECT_EQ(durable, appenders * each);
    ASSERT_EQ(records.size(), static_cast<std::size_t>(appenders * each));
    std::set<std::pair<int, std::int64_t>> places;
    std::map<std::string, int> next;
    for (auto const& record : records) {
        places.insert({record.partition, record.offset});
        EXPECT_EQ(record.value, record.key.substr(3) + ":" + std::to_string(next[record.key]++));
    }
    EXPECT_EQ(places.size(), records.size());
}

TEST_P(EventLogContract, AnAppendOfSeveralIsAllOrNothing) {
    bool called = false;
    log_->append({}, [&](Result<void> result) { called = result.has_value(); });
    EXPECT_TRUE(called) << "nothing to append is done at once";
    std::vector<LogRecord> too_many(limits::append_queue_records + 1, LogRecord{"k", "v"});
    auto const refused = append(*log_, std::move(too_many));
    bool const unbounded = std::string_view(GetParam().name) == "Memory";
    EXPECT_EQ(refused.has_value(), unbounded);
    if (refused) return;
    EXPECT_EQ(refused.error().code, Errc::too_large);
    append_ok({{"k", "first"}});
    auto const records = read(*open_reader(), 1);
    ASSERT_EQ(records.size(), 1u);
    EXPECT_EQ(records[0].value, "first");
}

TEST_P(EventLogContract, CloseWaitsForWhatWasAcceptedAndRefusesTheRest) {
    std::atomic<int> durable = 0, refused = 0;
    for (int i = 0; i < 300; ++i)
        log_->append({{"k" + std::to_string(i), "v"}}, [&](Result<void> result) { result ? ++durable : ++refused; });
    log_->close();
    log_->close();
    EXPECT_EQ(durable, 300);
    EXPECT_EQ(refused, 0);
    auto const late = append(*log_, {{"k", "late"}});
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, Errc::overloaded);
    EXPECT_EQ(read(*open_reader(), 300).size(), 300u);
}

TEST_P(EventLogContract, ANewWriterGoesOnWhereTheOldOneEnded) {
    append_ok(numbered(0, 10));
    log_ = world_->open_log();
    append_ok(numbered(10, 20));
    auto const records = read(*open_reader(), 20);
    ASSERT_EQ(records.size(), 20u);
    std::set<std::pair<int, std::int64_t>> places;
    for (auto const& record : records) places.insert({record.partition, record.offset});
    EXPECT_EQ(places.size(), 20u);
}

INSTANTIATE_TEST_SUITE_P(Log, EventLogContract,
                         testing::Values(Adapter{"Memory", memory_event_log}, Adapter{"Postgres", postgres_event_log},
                                         Adapter{"Kafka", kafka_event_log}, Adapter{"Spool", spooled_event_log}),
                         [](auto const& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace recoup::test
