#include "adapter/spool/store.hpp"

#include "adapter/prometheus/prometheus_metrics.hpp"
#include "adapter/spool/posix_folder.hpp"
#include "memory_folder.hpp"
#include "support/temporary_folder.hpp"

#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>
#include <set>
#include <sys/stat.h>

namespace recoup::spool {
namespace {

struct SpoolStoreTest : testing::Test {
    MemoryDisk disk;
    ManualClock clock{instant_from_millis(1'700'000'000'000)};
    SeededRandom random{1};
    prometheus_adapter::PrometheusMetrics metrics{"1"};
    Store::Options options{.max_bytes = 1 << 20, .segment_bytes = 400, .rest_after_fault = Millis{0}};

    Result<std::unique_ptr<Store>> try_open() {
        return Store::open(std::make_unique<MemoryFolder>(disk), options, clock, random, metrics);
    }
    std::unique_ptr<Store> open() {
        auto store = try_open();
        EXPECT_TRUE(store) << store.error().message;
        return std::move(*store);
    }
    static Result<void> append(Store& store, std::vector<LogRecord> const& records) {
        std::vector<LogRecord const*> pointers;
        for (auto const& record : records) pointers.push_back(&record);
        return store.append(pointers);
    }
    static Result<void> append(Store& store, int number) {
        return append(store, {{"k" + std::to_string(number % 3), std::to_string(number), {number}}});
    }
    /// Everything that comes out, a few records at a time.
    static std::vector<int> drain(Store& store, std::size_t at_once = 3) {
        std::vector<int> numbers;
        for (int rounds = 0; rounds < 10'000; ++rounds) {
            auto const batch = store.next(at_once, 1 << 20);
            if (!batch) continue;
            if (batch->records.empty()) return numbers;
            for (auto const& record : batch->records) numbers.push_back(std::stoi(record.value));
            store.drained(*batch);
        }
        ADD_FAILURE() << "the drain does not end";
        return numbers;
    }
    double metric(std::string const& name) const {
        auto const text = metrics.exposition();
        auto const at = text.find("\n" + name + " ");
        return at == std::string::npos ? -1 : std::stod(text.substr(at + name.size() + 2));
    }
};

std::vector<int> numbers(int from, int to) {
    std::vector<int> all;
    for (int i = from; i < to; ++i) all.push_back(i);
    return all;
}

// Found by tests/fuzz: "segment-...A5" was taken for segment ...a5, which nobody could read then.
TEST_F(SpoolStoreTest, AFileThatIsNotNamedAsWeNameItIsLeftAlone) {
    for (auto const* name : {"segment-00000000000000A5", "segment-5", "segment-", "segment-00000000000000000005", "segment-000000000000005x"})
        disk.files[name] = {"whatever", 8, true};
    auto const store = open();
    EXPECT_TRUE(store->empty());
    ASSERT_TRUE(append(*store, 1));
    EXPECT_EQ(drain(*store), numbers(1, 2));
    EXPECT_EQ(disk.names("segment-").size(), 5u);
}

TEST_F(SpoolStoreTest, WhatGoesInComesOutInOrderOverManySegments) {
    auto const store = open();
    for (int i = 0; i < 60; ++i) ASSERT_TRUE(append(*store, i));
    EXPECT_GT(disk.names("segment-").size(), 5u);
    EXPECT_EQ(store->records(), 60u);
    EXPECT_EQ(store->oldest(), clock.now());
    auto const again = store->next(5, 1 << 20);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->records.size(), 5u) << "the same ones again until they are drained";
    EXPECT_EQ(drain(*store), numbers(0, 60));
    EXPECT_TRUE(store->empty());
    EXPECT_EQ(store->bytes(), 0u);
    EXPECT_TRUE(disk.names("segment-").empty());
    EXPECT_EQ(metric("recoup_spool_drained_events_total"), 60);
}

TEST_F(SpoolStoreTest, ARestartDrainsTheRestAndSequencesGoOn) {
    {
        auto const store = open();
        for (int i = 0; i < 20; ++i) ASSERT_TRUE(append(*store, i));
        auto const batch = store->next(3, 1 << 20);
        ASSERT_TRUE(batch);
        store->drained(*batch);
    }
    disk.crash();
    auto const store = open();
    EXPECT_EQ(store->records(), 17u);
    ASSERT_TRUE(append(*store, 20));
    EXPECT_EQ(drain(*store), numbers(3, 21));
    auto const instance = store->instance();
    EXPECT_EQ(instance.size(), 16u);
    EXPECT_EQ(open()->instance(), instance);
}

TEST_F(SpoolStoreTest, ADamagedPositionRepeatsButNeverSkips) {
    {
        auto const store = open();
        for (int i = 0; i < 10; ++i) ASSERT_TRUE(append(*store, i));
        auto const batch = store->next(4, 1 << 20);
        ASSERT_TRUE(batch);
        store->drained(*batch);
    }
    auto const clean = disk.files.at("position").bytes;
    for (std::size_t bit = 0; bit < clean.size() * 8; ++bit) {
        disk.files.at("position").bytes = clean;
        disk.files.at("position").bytes[bit / 8] ^= static_cast<char>(1 << bit % 8);
        auto const store = open();
        auto const batch = store->next(100, 1 << 20);
        ASSERT_TRUE(batch && !batch->records.empty());
        ASSERT_LE(std::stoi(batch->records.front().value), 4) << bit;
    }
}

TEST_F(SpoolStoreTest, AtTheBoundItRefusesAndTakesAgainWhenDrained) {
    options.max_bytes = 1'000;
    auto const store = open();
    int taken = 0;
    Result<void> last;
    while ((last = append(*store, taken))) ++taken;
    EXPECT_EQ(last.error().code, Errc::overloaded);
    EXPECT_LE(store->bytes(), options.max_bytes);
    EXPECT_GT(taken, 5);
    EXPECT_EQ(metric("recoup_spool_write_failures_total"), 0) << "a full spool is no fault of the disk";
    EXPECT_EQ(drain(*store), numbers(0, taken));
    EXPECT_TRUE(append(*store, taken));
}

TEST_F(SpoolStoreTest, AFileThatFailedIsNeverTouchedAgain) {
    auto const store = open();
    ASSERT_TRUE(append(*store, 0));
    disk.fail_at = disk.calls + 2;   // append, then the sync of the second one
    ASSERT_FALSE(append(*store, 1));
    auto const name = disk.names("segment-").front();
    auto const failed = disk.trace.size();
    ASSERT_EQ(disk.trace[failed - 2], "sync " + name);
    EXPECT_EQ(disk.trace[failed - 1], "read " + name) << "looked at through a descriptor of its own";
    ASSERT_TRUE(append(*store, 2));
    EXPECT_EQ(std::count(disk.trace.begin() + static_cast<std::ptrdiff_t>(failed), disk.trace.end(), "sync " + name), 0);
    EXPECT_EQ(std::count(disk.trace.begin() + static_cast<std::ptrdiff_t>(failed), disk.trace.end(), "append " + name), 0);
    EXPECT_EQ(drain(*store).front(), 0);
    EXPECT_EQ(metric("recoup_spool_write_failures_total"), 1);
}

TEST_F(SpoolStoreTest, AfterAFaultTheDiskIsLeftAloneForAWhile) {
    options.rest_after_fault = Millis{3'600'000};
    auto const store = open();
    disk.fail_at = disk.calls + 1;
    EXPECT_FALSE(append(*store, 0));
    auto const calls = disk.calls;
    auto const refused = append(*store, 1);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::unavailable);
    EXPECT_EQ(disk.calls, calls);
}

TEST_F(SpoolStoreTest, DamageIsCountedAndItsSegmentIsKeptAside) {
    {
        auto const store = open();
        ASSERT_TRUE(append(*store, {{"k", "0", {}}, {"k", "1", {}}, {"k", "2", {}}}));
    }
    auto& bytes = disk.files.at(disk.names("segment-").front()).bytes;
    bytes[bytes.find('1', segment_header_bytes + 20)] ^= 2;
    auto const store = open();
    auto const left = drain(*store);
    EXPECT_LT(left.size(), 3u);
    EXPECT_GE(left.size(), 2u);
    EXPECT_EQ(metric("recoup_spool_damaged_total"), 1);
    EXPECT_EQ(disk.names("damaged-").size(), 1u);
    EXPECT_TRUE(disk.names("segment-").empty());
    ASSERT_TRUE(append(*store, 9));
    EXPECT_EQ(drain(*store), std::vector<int>{9});
    EXPECT_EQ(disk.names("damaged-").size(), 1u) << "nothing removes it";
}

TEST_F(SpoolStoreTest, ARecordThatTheLogRefusesIsKeptOutOfTheWay) {
    auto const store = open();
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(append(*store, i));
    auto const batch = store->next(1, 1 << 20);
    ASSERT_TRUE(batch);
    ASSERT_TRUE(store->refuse(*batch));
    EXPECT_EQ(drain(*store), numbers(1, 3));
    auto const kept = disk.names("refused-");
    ASSERT_EQ(kept.size(), 1u);
    EXPECT_EQ(scan_segment(disk.files.at(kept.front()).bytes).records.at(0).record.value, "0");
}

/// Appends, drains a little, appends; whatever fails. Returns what was acknowledged.
std::vector<int> live(Store& store, std::vector<int>& drained) {
    std::vector<int> acknowledged;
    auto const put = [&](int from, int to) {
        for (int i = from; i < to; ++i) {
            LogRecord const record{"k", std::to_string(i), {}};
            if (store.append({&record})) acknowledged.push_back(i);
        }
    };
    put(0, 6);
    for (int i = 0; i < 2; ++i)
        if (auto const batch = store.next(2, 1 << 20)) {
            for (auto const& record : batch->records) drained.push_back(std::stoi(record.value));
            if (!batch->records.empty()) store.drained(*batch);
        }
    put(6, 12);
    return acknowledged;
}

TEST_F(SpoolStoreTest, WhateverCallFailsNothingAcknowledgedIsLost) {
    options.segment_bytes = 250;
    for (auto const failure : {Errc::unavailable, Errc::overloaded})
        for (bool const for_good : {false, true})
            for (bool const power_cut : {false, true})
                for (int at = 1;; ++at) {
                    disk.files.clear();
                    disk.calls = 0;
                    disk.fail_at = at;
                    disk.fail_after = for_good;
                    disk.failure = failure;
                    std::vector<int> acknowledged, drained;
                    if (auto store = try_open()) acknowledged = live(**store, drained);
                    bool const over = disk.calls < at;
                    if (power_cut) disk.crash();
                    disk.fail_at = 0;
                    auto const rest = drain(*open());
                    std::set<int> known(rest.begin(), rest.end());
                    EXPECT_TRUE(std::ranges::is_sorted(rest)) << "order, fault at call " << at;
                    known.insert(drained.begin(), drained.end());
                    for (int const number : acknowledged)
                        ASSERT_TRUE(known.contains(number)) << number << " is lost, fault at call " << at;
                    if (over) {
                        EXPECT_GT(at, 30) << "every call had its turn";
                        break;
                    }
                }
}

TEST_F(SpoolStoreTest, ARealFolderIsPrivateAndHasOneOwner) {
    test::TemporaryFolder const temporary;
    auto const path = (temporary.path() / "spool").string();
    {
        auto folder = open_folder(path);
        ASSERT_TRUE(folder) << folder.error().message;
        auto store = Store::open(std::move(*folder), options, clock, random, metrics);
        ASSERT_TRUE(store);
        for (int i = 0; i < 20; ++i) ASSERT_TRUE(append(**store, i));
        auto const second = open_folder(path);
        ASSERT_FALSE(second);
        EXPECT_EQ(second.error().code, Errc::configuration);
        struct stat status {};
        ASSERT_EQ(stat(path.c_str(), &status), 0);
        EXPECT_EQ(status.st_mode & 07777, 0700u);
        for (auto const& file : std::filesystem::directory_iterator(path)) {
            ASSERT_EQ(stat(file.path().c_str(), &status), 0);
            EXPECT_EQ(status.st_mode & 07777, 0600u) << file.path();
        }
    }
    auto folder = open_folder(path);
    ASSERT_TRUE(folder);
    auto const store = Store::open(std::move(*folder), options, clock, random, metrics);
    ASSERT_TRUE(store);
    EXPECT_EQ(drain(**store), numbers(0, 20));
    EXPECT_FALSE(open_folder((temporary.path() / "no" / "parent").string()));
}

}  // namespace
}  // namespace recoup::spool
