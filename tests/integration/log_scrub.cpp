#include "adapter/postgres/log_scrub.hpp"

#include "adapter/postgres/log_payload.hpp"
#include "adapter/postgres/log_reader.hpp"
#include "adapter/postgres/log_writer.hpp"
#include "core/codec/event_codec.hpp"
#include "recoup/domain/world.hpp"
#include "support/postgres_fixture.hpp"

#include <future>
#include <gtest/gtest.h>

namespace recoup::postgres {
namespace {

struct LogScrubTest : testing::Test {
    test::Database database;
    ManualClock clock{parse_rfc3339("2026-03-02T10:00:00Z").value()};
    Nudge nudge;
    Pool pool{database.options(), 2};

    static Event event(int n, std::string const& who) {
        Event out;
        out.shop_id = "demo";
        out.source = "events";
        out.id = "events:" + std::to_string(n);
        out.occurred_at = out.received_at = parse_rfc3339("2026-03-01T10:00:00Z").value();
        out.keys = {{KeyKind::email, who + "@example.com"}};
        CustomerChanged body;
        body.first_name = who;
        out.body = body;
        return out;
    }
    void append(PostgresLog& log, std::vector<Event> const& events) {
        std::vector<LogRecord> records;
        for (auto const& one : events) records.push_back({one.log_key(), core::encode_event(one)});
        std::promise<Result<void>> answer;
        auto future = answer.get_future();
        log.append(std::move(records), [&](Result<void> result) { answer.set_value(std::move(result)); });
        ASSERT_TRUE(future.get());
    }
    std::vector<ReadRecord> read() {
        PostgresLogReader reader(database.options(), [](int) -> Result<std::int64_t> { return 0; }, clock, nudge);
        auto records = reader.poll(1000, Millis(0));
        EXPECT_TRUE(records);
        return records ? *records : std::vector<ReadRecord>{};
    }
    void sql(std::string const& text) {
        pqxx::connection connection(database.connection_string());
        pqxx::work transaction(connection);
        transaction.exec(text);
        transaction.commit();
    }
    void folded_up_to(int offset) {
        sql("insert into tracked_position (log, partition, next_offset) values ('postgres', 0, " + std::to_string(offset) +
            ") on conflict (log, partition) do update set next_offset = excluded.next_offset");
    }
    void erase(std::string const& who) {
        sql("insert into erasure (shop_id, key_hash, erased_at) values ('demo', '" +
            key_hash("demo", {KeyKind::email, who + "@example.com"}) + "', '2026-03-01T12:00:00Z')");
    }
    int steps() {
        LogScrubber scrubber(pool);
        int count = 0;
        for (auto more = scrubber.run_once(); more && *more; more = scrubber.run_once()) ++count;
        return count;
    }
    std::size_t naming(std::string const& who) {
        std::size_t count = 0;
        for (auto const& record : read())
            if ((record.key + record.value).find(who) != std::string::npos) ++count;
        return count;
    }
};

TEST_F(LogScrubTest, ErasedPersonsLeaveTheLogAndOffsetsStay) {
    PostgresLog::Options options;
    options.connection = database.options();
    PostgresLog log(options, clock, nudge);
    for (int n = 0; n < 80; ++n) append(log, {event(3 * n, "jane"), event(3 * n + 1, "ann"), event(3 * n + 2, "bob")});   // 80 batches
    EXPECT_EQ(steps(), 0);   // nobody is erased
    folded_up_to(180);
    erase("jane");
    EXPECT_GT(steps(), 2);
    auto const records = read();
    ASSERT_EQ(records.size(), 240U);
    for (std::size_t i = 0; i < records.size(); ++i) {
        EXPECT_EQ(records[i].offset, static_cast<std::int64_t>(i));
        auto const decoded = core::decode_event(records[i].value);
        ASSERT_TRUE(decoded);
        EXPECT_EQ(decoded->id, "events:" + std::to_string(i));
    }
    EXPECT_EQ(naming("jane"), 20U);   // what is not folded yet is left whole
    EXPECT_EQ(naming("ann"), 80U);
    EXPECT_EQ(steps(), 0);            // each erasure is done once

    folded_up_to(240);
    erase("ann");
    EXPECT_GT(steps(), 2);
    EXPECT_EQ(naming("ann"), 0U);
    EXPECT_EQ(naming("bob"), 80U);
}

TEST_F(LogScrubTest, ADamagedBatchIsLeftAloneAndDoesNotStandInTheWay) {
    PostgresLog::Options options;
    options.connection = database.options();
    PostgresLog log(options, clock, nudge);
    append(log, {event(0, "jane")});
    append(log, {event(1, "jane")});
    append(log, {event(2, "jane")});
    sql("update log_batch set payload = 'damaged' where base_offset = 1");
    folded_up_to(3);
    erase("jane");
    EXPECT_GT(steps(), 1);
    EXPECT_EQ(naming("jane"), 0U);
    EXPECT_EQ(read()[1].value, "damaged");
}

}  // namespace
}  // namespace recoup::postgres
