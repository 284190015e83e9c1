#include "adapter/postgres/log_queue.hpp"

#include "adapter/postgres/log_payload.hpp"

#include <gtest/gtest.h>

namespace recoup::postgres {
namespace {

constexpr LogQueue::Bounds large{1000, 100'000};

std::vector<LogRecord> some(std::initializer_list<char const*> values) {
    std::vector<LogRecord> records;
    for (auto const* value : values) records.push_back({"k", value});
    return records;
}

std::string values_of(LogQueue::Group const& group) {
    auto const records = unpack_records(payload_codec_zstd, compress_records(group.plain), group.records);
    std::string values;
    for (auto const& record : records.value()) values += record.value;
    return values;
}

TEST(LogQueue, AFullQueueRefusesAtOnceAndLeavesTheAppend) {
    LogQueue queue({2, 1000}, large);
    int answers = 0;
    EventLog::Done first = [&](Result<void>) { ++answers; }, second = first;
    ASSERT_TRUE(queue.push(some({"a", "b"}), first));
    auto const full = queue.push(some({"c"}), second);
    ASSERT_FALSE(full);
    EXPECT_EQ(full.error().code, Errc::overloaded);
    EXPECT_TRUE(second);
    EXPECT_EQ(queue.push(some({"1", "2", "3"}), second).error().code, Errc::too_large);
    auto const group = queue.take({});
    ASSERT_EQ(group.done.size(), 1u);
    group.done[0]({});
    EXPECT_EQ(answers, 1);
    EXPECT_TRUE(queue.push(some({"c"}), second));
}

TEST(LogQueue, AppendsGatherInTheirOrderWithWhatTheyStop) {
    LogQueue queue(large, large);
    EventLog::Done none = [](Result<void>) {};
    for (int i = 0; i < 3; ++i) {
        auto done = none;
        ASSERT_TRUE(queue.push({{"k", std::to_string(i), {i}}, {"", "", {10 + i}}}, done));
    }
    auto const group = queue.take({});
    EXPECT_EQ(group.records, 6u);
    EXPECT_EQ(group.bytes, 6u);
    EXPECT_EQ(values_of(group), "012");
    EXPECT_EQ(group.stops, (std::vector<std::int64_t>{0, 10, 1, 11, 2, 12}));
}

TEST(LogQueue, AGroupHasItsBoundsAndALargeAppendIsTakenWhole) {
    LogQueue queue(large, {2, 1000});
    EventLog::Done done = [](Result<void>) {};
    for (auto const& records : {some({"a"}), some({"b", "c", "d"}), some({"e"}), some({"f"}), some({"g"})}) {
        auto answer = done;
        ASSERT_TRUE(queue.push(records, answer));
    }
    auto group = queue.take({});
    EXPECT_EQ(values_of(group), "a");
    group = queue.take(std::move(group));
    EXPECT_EQ(values_of(group), "bcd");
    group = queue.take(std::move(group));
    EXPECT_EQ(values_of(group), "ef") << "nothing is left of the group before";
    EXPECT_EQ(group.done.size(), 2u);
}

TEST(LogQueue, WhatWasTakenIsGivenOutBeforeTheEnd) {
    LogQueue queue(large, large);
    EventLog::Done done = [](Result<void>) {}, late = done;
    ASSERT_TRUE(queue.push(some({"a"}), done));
    queue.close();
    EXPECT_EQ(queue.push(some({"b"}), late).error().code, Errc::overloaded);
    EXPECT_EQ(queue.take({}).records, 1u);
    EXPECT_EQ(queue.take({}).records, 0u);
}

}  // namespace
}  // namespace recoup::postgres
