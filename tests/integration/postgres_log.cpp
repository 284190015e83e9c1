#include "adapter/postgres/log_payload.hpp"
#include "adapter/postgres/log_reader.hpp"
#include "adapter/postgres/log_writer.hpp"
#include "support/postgres_fixture.hpp"

#include <future>
#include <gtest/gtest.h>

namespace recoup::postgres {
namespace {

struct PostgresLogTest : testing::Test {
    test::Database database;
    ManualClock clock{parse_rfc3339("2026-11-20T10:00:00Z").value()};
    Nudge nudge;
    std::int64_t stored = -1;

    std::unique_ptr<PostgresLog> open(int retention_days = 30) {
        PostgresLog::Options options;
        options.connection = database.options();
        options.retention_days = retention_days;
        return std::make_unique<PostgresLog>(options, clock, nudge);
    }
    static Result<void> append(PostgresLog& log, std::string value) {
        std::promise<Result<void>> answer;
        auto future = answer.get_future();
        log.append({{"k", std::move(value)}}, [&](Result<void> result) { answer.set_value(std::move(result)); });
        return future.get();
    }
    std::vector<std::string> read() {
        PostgresLogReader reader(
            database.options(), [&](int) -> Result<std::int64_t> { return stored; }, clock, nudge);
        std::vector<std::string> values;
        for (;;) {
            auto const records = reader.poll(2, Millis(0));
            EXPECT_TRUE(records) << records.error().message;
            if (!records || records->empty()) return values;
            for (auto const& record : *records) values.push_back(record.value);
        }
    }
    int count(char const* sql) {
        Connection connection(database.options());
        return *run(connection, [&](pqxx::work& transaction) { return transaction.exec1(sql)[0].as<int>(); });
    }
};

TEST_F(PostgresLogTest, LivesThroughJumpsOfTheClockAndForgetsOldDays) {
    auto const log = open(3);
    ASSERT_TRUE(append(*log, "a"));
    clock.set(clock.now() + std::chrono::days(2));
    ASSERT_TRUE(append(*log, "b"));
    EXPECT_EQ(read(), (std::vector<std::string>{"a", "b"}));
    clock.set(clock.now() + std::chrono::days(2));
    ASSERT_TRUE(append(*log, "c"));
    EXPECT_EQ(read(), (std::vector<std::string>{"b", "c"}));
    stored = 0;
    EXPECT_EQ(read(), (std::vector<std::string>{"b", "c"})) << "a position before the oldest retained record";
    stored = 2;
    EXPECT_EQ(read(), (std::vector<std::string>{"c"}));
}

TEST_F(PostgresLogTest, AClockThatWentBackHidesNothing) {
    ASSERT_TRUE(append(*open(), "a"));
    ManualClock earlier(clock.now() - std::chrono::days(40));
    PostgresLog::Options options;
    options.connection = database.options();
    PostgresLog log(options, earlier, nudge);
    ASSERT_TRUE(append(log, "b"));
    EXPECT_EQ(read(), (std::vector<std::string>{"a", "b"}));
}

TEST_F(PostgresLogTest, LivesThroughARestartOfTheServer) {
    auto const log = open();
    ASSERT_TRUE(append(*log, "a"));
    test::break_sessions(database);
    auto const second = append(*log, "b");
    ASSERT_TRUE(second) << second.error().message;
    EXPECT_EQ(read(), (std::vector<std::string>{"a", "b"}));
}

TEST_F(PostgresLogTest, SeveralWritersShareOneRowOfOffsets) {
    auto const one = open();
    auto const two = open();
    for (int i = 0; i < 100; ++i) {
        one->append({{"k", "1"}, {"k", "1"}}, [](Result<void> result) { EXPECT_TRUE(result); });
        two->append({{"k", "2"}}, [](Result<void> result) { EXPECT_TRUE(result); });
    }
    one->close();
    two->close();
    EXPECT_EQ(read().size(), 300u);
    EXPECT_EQ(count("select next_offset::int from log_head"), 300);
    EXPECT_LT(count("select count(*)::int from log_batch"), 200) << "appends that wait share a commit";
}

TEST_F(PostgresLogTest, AnUnreachableServerIsUnavailableAndNothingIsKept) {
    PostgresLog::Options options;
    options.connection.connection_string = "host=/nowhere dbname=recoup";
    PostgresLog log(options, clock, nudge);
    auto const refused = append(log, "a");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::unavailable);
}

TEST_F(PostgresLogTest, ADamagedBatchIsReadAsSuchAndDoesNotStandInTheWay) {
    auto const log = open();
    ASSERT_TRUE(append(*log, "a"));
    ASSERT_TRUE(append(*log, "b"));
    ASSERT_TRUE(append(*log, "c"));
    ASSERT_EQ(count("with torn as (update log_batch set payload = 'torn' where base_offset = 1 returning 1) select "
                    "count(*)::int from torn"),
              1);
    PostgresLogReader reader(database.options(), [](int) -> Result<std::int64_t> { return -1; }, clock, nudge);
    std::vector<ReadRecord> records;
    while (records.size() < 3) {
        auto polled = reader.poll(100, Millis{50});
        ASSERT_TRUE(polled) << polled.error().message;
        records.insert(records.end(), polled->begin(), polled->end());
    }
    EXPECT_EQ(records[0].value, "a");
    EXPECT_TRUE(records[1].damaged);
    EXPECT_EQ(records[1].value, "torn");
    EXPECT_EQ(records[2].value, "c");
    EXPECT_FALSE(records[2].damaged);
}

TEST_F(PostgresLogTest, ADamagedBatchIsAnErrorNotACrash) {
    auto const payload = pack_records({{"k", std::string(500, 'x')}, {"k", "y"}});
    ASSERT_TRUE(unpack_records(payload_codec_zstd, payload, 2));
    EXPECT_FALSE(unpack_records(payload_codec_zstd, payload, 3));
    EXPECT_FALSE(unpack_records(9, payload, 2));
    for (std::size_t cut = 0; cut < payload.size(); ++cut)
        EXPECT_FALSE(unpack_records(payload_codec_zstd, payload.substr(0, cut), 2));
}

}  // namespace
}  // namespace recoup::postgres
