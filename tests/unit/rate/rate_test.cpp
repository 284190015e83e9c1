#include "core/rate/rate_table.hpp"

#include <gtest/gtest.h>

namespace recoup::core {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

constexpr Rate ten_a_second{10, 5};
constexpr nanoseconds first_tick = 1000s;

TEST(TokenBucket, GivesItsBurstAndThenItsRate) {
    TokenBucket bucket;
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(bucket.wait(ten_a_second, first_tick), 0ns) << i;
        bucket.take(ten_a_second, 1, first_tick);
    }
    EXPECT_EQ(bucket.wait(ten_a_second, first_tick), 100ms);
    EXPECT_EQ(bucket.wait(ten_a_second, first_tick + 99ms), 1ms);
    EXPECT_EQ(bucket.wait(ten_a_second, first_tick + 100ms), 0ns);
    EXPECT_EQ(bucket.wait(ten_a_second, first_tick + 1h), 0ns);
}

TEST(TokenBucket, ADebtIsPaidByLaterTokens) {
    TokenBucket bucket;
    bucket.take(ten_a_second, 105, first_tick);
    EXPECT_EQ(bucket.wait(ten_a_second, first_tick), 10s + 100ms);
    bucket.take({10, 5}, 1e300, first_tick);
    EXPECT_GT(bucket.wait(ten_a_second, first_tick), 24h);   // a number, whatever was taken
}

TEST(TokenBucket, WithoutARateNobodyWaits) {
    TokenBucket bucket;
    bucket.take({}, 1e9, first_tick);
    EXPECT_EQ(bucket.wait({}, first_tick), 0ns);
}

TEST(TokenBucket, NeverLetsMoreThroughThanBurstAndRateAllow) {
    TokenBucket bucket;
    int passed = 0;
    for (nanoseconds now = first_tick; now < first_tick + 10s; now += 7ms)
        if (bucket.wait(ten_a_second, now) == 0ns) {
            bucket.take(ten_a_second, 1, now);
            ++passed;
        }
    EXPECT_GE(passed, 103);
    EXPECT_LE(passed, 105);   // 5 at once and 10 a second
}

TEST(RetrySeconds, AreWholeAndNeverZero) {
    EXPECT_EQ(retry_seconds(0ns), 1);
    EXPECT_EQ(retry_seconds(1s), 1);
    EXPECT_EQ(retry_seconds(1s + 1ns), 2);
    EXPECT_EQ(retry_seconds(1000h), 3600);
}

TEST(RateTable, KeepsKeysApartAndForgetsTheFullestFirst) {
    RateTable table(8);   // one set of eight
    Rate const one{1, 1};
    for (std::uint64_t key = 1; key <= 8; ++key) table.take(key * 1024, one, static_cast<double>(key), first_tick);
    for (std::uint64_t key = 1; key <= 8; ++key) EXPECT_EQ(table.wait(key * 1024, one, first_tick), std::chrono::seconds(key)) << key;
    table.take(99 * 1024, one, 50, first_tick);
    EXPECT_EQ(table.wait(1024, one, first_tick), 0ns);           // had the least to wait, so nearly nothing is forgotten
    EXPECT_EQ(table.wait(8 * 1024, one, first_tick), 8s);
    EXPECT_EQ(table.wait(99 * 1024, one, first_tick), 50s);
}

TEST(RateTable, AMillionKeysFindRoomInTheSameMemory) {
    RateTable table(1024);
    Rate const one{1, 1};
    for (std::uint64_t key = 1; key <= 1'000'000; ++key) table.take(key * 0x9E3779B97F4A7C15, one, 1, first_tick);
    EXPECT_EQ(table.wait(1'000'000ULL * 0x9E3779B97F4A7C15, one, first_tick), 1s);
}

}  // namespace
}  // namespace recoup::core
