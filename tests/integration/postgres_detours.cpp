// While an instance acknowledges events that are not on the log, no claim claims anything.
#include "adapter/postgres/detour_board.hpp"
#include "adapter/postgres/enrollment_row.hpp"
#include "adapter/postgres/rows.hpp"
#include "adapter/postgres/schedule_store.hpp"
#include "support/postgres_fixture.hpp"

#include <future>
#include <gtest/gtest.h>

namespace recoup::postgres {
namespace {

constexpr Statement insert_shopper{
    "test_shopper", "insert into person (shop_id, person_id, doc, last_seen_at) values ('s', $1, $2::jsonb, at_ms($3))"};

struct PostgresDetoursTest : testing::Test {
    test::Database database;
    Instant const now = parse_rfc3339("2026-11-20T10:00:00Z").value();
    Pool pool{database.options(), 4};
    PostgresScheduleStore store{pool};
    PostgresDetourBoard board{database.options()};

    PostgresDetoursTest() {
        Person person;
        person.id = "p";
        person.keys = {{KeyKind::email, "p@example.com"}};
        Enrollment enrollment;
        enrollment.id = "e";
        enrollment.person_id = "p";
        enrollment.sequence = "cart";
        enrollment.anchor_at = enrollment.opened_at = now;
        auto const made = run(pool, [&](pqxx::work& tx) {
            exec(tx, insert_shopper, person.id, json_parameter(person), to_millis(now));
            share_edges(tx);
            insert_enrollments(tx, "s", {enrollment}, {PlannedStep{enrollment.id, 1, 0, Channel::email, now, now}});
        });
        EXPECT_TRUE(made) << made.error().message;
    }

    /// How many due steps are shown; `meanwhile` runs while the claim is open.
    std::size_t claim(std::function<void()> const& meanwhile = [] {}) {
        std::size_t shown = 0;
        auto const claimed = store.claim_steps(now, now + Seconds{60}, 10, [&](std::vector<DueStep> const& due) {
            shown = due.size();
            meanwhile();
            std::vector<StepWrite> writes;
            for (auto const& step : due) {
                StepWrite write;
                write.shop_id = "s";
                write.enrollment_id = step.enrollment.id;
                write.decision.id = "d";
                write.decision.subject = "step";
                write.decision.at = now;
                writes.push_back(std::move(write));
            }
            return writes;
        });
        EXPECT_TRUE(claimed) << claimed.error().message;
        return shown;
    }
};

TEST_F(PostgresDetoursTest, NothingIsClaimedUntilEveryInstanceIsDrained) {
    ASSERT_TRUE(board.raise("a", now));
    ASSERT_TRUE(board.raise("b", now + Seconds{1}));
    ASSERT_TRUE(board.raise("a", now + Seconds{2})) << "again";
    auto const raised = board.raised();
    ASSERT_TRUE(raised);
    EXPECT_EQ(*raised, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(claim(), 0u);
    ASSERT_TRUE(board.lower("a"));
    EXPECT_EQ(claim(), 0u);
    ASSERT_TRUE(board.lower("b"));
    ASSERT_TRUE(board.lower("b"));
    EXPECT_EQ(claim(), 1u) << "the step went back as it was";
}

TEST_F(PostgresDetoursTest, RaisingWaitsForTheClaimThatDidNotSeeIt) {
    std::future<Result<void>> raised;
    EXPECT_EQ(claim([&] {
                  raised = std::async(std::launch::async, [&] { return board.raise("a", now); });
                  EXPECT_EQ(raised.wait_for(Millis{30}), std::future_status::timeout);
              }),
              1u);
    EXPECT_TRUE(raised.get());
    EXPECT_EQ(board.raised()->size(), 1u);
}

}  // namespace
}  // namespace recoup::postgres
