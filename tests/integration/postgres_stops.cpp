// An order that was answered 2xx before a claim committed is never overtaken by that claim, folded or not.
#include "adapter/postgres/enrollment_row.hpp"
#include "adapter/postgres/log_writer.hpp"
#include "adapter/postgres/rows.hpp"
#include "adapter/postgres/schedule_store.hpp"
#include "adapter/postgres/track_store.hpp"
#include "core/plan/stops.hpp"
#include "support/postgres_fixture.hpp"

#include <array>
#include <atomic>
#include <future>
#include <gtest/gtest.h>

namespace recoup::postgres {
namespace {

constexpr Statement insert_person{
    "test_person", "insert into person (shop_id, person_id, doc, last_seen_at) values ('s', $1, $2::jsonb, at_ms($3))"};

constexpr int people = 120;

Event order_of(int number, Instant at) {
    Event event;
    event.shop_id = "s";
    event.source = "events";
    event.id = "events:o" + std::to_string(number);
    event.topic = "order.placed";
    event.occurred_at = event.received_at = at;
    event.keys = {{KeyKind::email, "p" + std::to_string(number) + "@example.com"}};
    OrderPlaced order;
    order.order_id = "o" + std::to_string(number);
    order.placed_at = at;
    event.body = order;
    return event;
}

struct PostgresStopsTest : testing::Test {
    test::Database database;
    ManualClock clock{parse_rfc3339("2026-11-20T10:00:00Z").value()};
    Instant const now = clock.now();
    Nudge nudge;
    Pool pool{database.options(), 4};
    PostgresScheduleStore store{pool};
    PostgresTrackStore tracker{pool};
    std::unique_ptr<PostgresLog> log;
    std::array<std::atomic<bool>, people> ordered{};   // answered 2xx

    PostgresStopsTest() {
        PostgresLog::Options options;
        options.connection = database.options();
        log = std::make_unique<PostgresLog>(options, clock, nudge);
        auto const made = run(pool, [&](pqxx::work& tx) {
            for (int number = 0; number < people; ++number) plan(tx, number);
        });
        EXPECT_TRUE(made) << made.error().message;
    }

    /// One step is due for this person, after those of lower numbers.
    void plan(pqxx::work& tx, int number) {
        auto const n = std::to_string(number);
        Person person;
        person.id = "p" + n;
        person.keys = {{KeyKind::email, "p" + n + "@example.com"}};
        exec(tx, insert_person, person.id, json_parameter(person), to_millis(now));
        Enrollment enrollment;
        enrollment.id = "e" + n;
        enrollment.person_id = person.id;
        enrollment.sequence = "cart";
        enrollment.anchor_at = enrollment.opened_at = now;
        share_edges(tx);
        insert_enrollments(tx, "s", {enrollment}, {PlannedStep{enrollment.id, 1, 0, Channel::email, now, now - Millis{people - number}}});
    }

    std::future<Result<void>> order(int number) {
        auto answer = std::make_shared<std::promise<Result<void>>>();
        log->append({core::log_record(order_of(number, now))}, [this, number, answer](Result<void> result) {
            ordered[static_cast<std::size_t>(number)] = result.has_value();
            answer->set_value(std::move(result));
        });
        return answer->get_future();
    }

    /// Skips what it is shown; returns how many were decided or put back, and whom it was shown.
    std::pair<std::size_t, std::vector<int>> claim(std::size_t max) {
        std::vector<int> shown;
        auto const expect_unordered = [&] {
            for (int const number : shown)
                EXPECT_FALSE(ordered[static_cast<std::size_t>(number)]) << "person " << number << " ordered before the claim";
        };
        auto const claimed = store.claim_steps(now, now + Seconds{60}, max, [&](std::vector<DueStep> const& due) {
            std::vector<StepWrite> writes;
            for (auto const& step : due) {
                shown.push_back(std::stoi(step.person.id.substr(1)));
                StepWrite write;
                write.shop_id = "s";
                write.enrollment_id = step.enrollment.id;
                write.decision.id = "d" + step.enrollment.id;
                write.decision.subject = "step";
                write.decision.at = now;
                writes.push_back(std::move(write));
            }
            expect_unordered();
            std::this_thread::yield();
            expect_unordered();   // and none becomes durable while the claim is open
            return writes;
        });
        EXPECT_TRUE(claimed) << claimed.error().message;
        return {claimed ? claimed->decided : 0, shown};
    }
};

TEST_F(PostgresStopsTest, AStepWaitsUntilWhatIsDurableAboutItsPersonIsFolded) {
    ASSERT_TRUE(order(7).get());
    auto const [decided, shown] = claim(1000);
    EXPECT_EQ(decided, std::size_t{people});
    EXPECT_EQ(shown.size(), std::size_t{people - 1});
    EXPECT_EQ(std::count(shown.begin(), shown.end(), 7), 0);

    std::vector<ShopWork> nothing;
    ASSERT_TRUE(tracker.apply(nothing, "postgres", {{0, 0}}, {{0, 1}}, now));   // folded
    ordered[7] = false;
    EXPECT_EQ(claim(1000).second, std::vector<int>{7});
}

TEST_F(PostgresStopsTest, NoOrderBecomesDurableBetweenTheDecisionAndItsCommit) {
    claim(0);
    std::jthread const shoppers([this] {
        for (int number = people - 1; number >= 0; --number) EXPECT_TRUE(order(number).get());
    });
    std::size_t claims = 0;
    for (std::vector<int> shown{0}; !shown.empty() && claims < 1000; ++claims) shown = claim(3).second;
    EXPECT_GT(claims, 1u);
}

}  // namespace
}  // namespace recoup::postgres
