// An enrollment ends with the last of its steps, whoever ends them and in whatever order they commit.
#include "adapter/postgres/enrollment_row.hpp"
#include "adapter/postgres/schedule_store.hpp"

#include "support/postgres_fixture.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace recoup::postgres {
namespace {

constexpr Statement insert_one_person{"test_person",
                                  "insert into person (shop_id, person_id, doc, last_seen_at) values ('s', $1, '{}', at_ms($2))"};
constexpr Statement count_waiting{"test_waiting",
                                  "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"};

struct PostgresCompletionTest : testing::Test {
    test::Database database;
    Instant const now = parse_rfc3339("2026-11-20T12:00:00Z").value();
    Pool pool{database.options(), 4};
    PostgresScheduleStore store{pool};

    void enroll(std::string const& id) {
        ASSERT_TRUE(run_sharing_edges(pool, [&](pqxx::work& tx) {
            Enrollment enrollment;
            enrollment.id = id;
            enrollment.person_id = "p-" + id;
            enrollment.sequence = "cart";
            enrollment.anchor_at = enrollment.opened_at = now;
            exec(tx, insert_one_person, enrollment.person_id, to_millis(now));
            insert_enrollments(tx, "s", {enrollment}, {{id, 1, 0, Channel::email, now, now}, {id, 1, 1, Channel::sms, now, now}});
        }));
    }

    ScheduleStore::Claimed claim() {
        auto claimed = store.claim_steps(now, now + Seconds{60}, 100, [&](std::vector<DueStep> const& due) {
            std::vector<StepWrite> writes;
            for (auto const& step : due) {
                StepWrite write;
                write.shop_id = "s";
                write.enrollment_id = step.enrollment.id;
                write.step = step.step.step;
                write.verdict = write.decision.verdict = Verdict::send;
                write.decision.id = step.enrollment.id + std::to_string(step.step.step);
                write.decision.subject = "step";
                write.decision.at = now;
                write.draft.emplace();
                write.draft->message.id = "m-" + write.decision.id;
                write.draft->message.shop_id = "s";
                write.draft->enrollment_id = step.enrollment.id;
                write.draft->person_id = step.enrollment.person_id;
                write.draft->adapter = "keyless";
                write.draft->step = step.step.step;
                write.draft->planned_at = step.step.planned_at;
                writes.push_back(std::move(write));
            }
            return writes;
        });
        EXPECT_TRUE(claimed) << claimed.error().message;
        return std::move(claimed).value();
    }

    static SendResult sent(std::pair<MessageDraft, std::int64_t> const& send) {
        SendResult result;
        result.shop_id = "s";
        result.message_id = send.first.message.id;
        result.enrollment_id = send.first.enrollment_id;
        result.step = send.first.step;
        result.lease_token = send.second;
        result.outcome = Outcome::sent("x");
        return result;
    }

    std::int64_t count(std::string const& what) {
        return run(pool, [&](pqxx::work& tx) { return tx.exec1("select count(*) from " + what)[0].as<std::int64_t>(); }).value();
    }
    std::int64_t waiting() {
        return run(pool, [&](pqxx::work& tx) { return exec(tx, count_waiting)[0][0].as<std::int64_t>(); }).value();
    }
};

TEST_F(PostgresCompletionTest, TwoThatEndItsLastStepsAtOnceDoNotEachWaitForTheOther) {
    enroll("e");
    auto const claimed = claim();
    ASSERT_EQ(claimed.sends.size(), 2u);
    std::atomic<bool> finished{false};
    std::jthread another;
    ASSERT_TRUE(run_sharing_edges(pool, [&](pqxx::work& tx) {   // one of them, with its commit still to come
        SendRow row{"s", "e", 1, 0, {}, claimed.sends[0].first.message.id, StepWait::none, now};
        row.state.step = StepState::done;
        row.state.message = MessageStatus::sent;
        save_steps(tx, {row});
        complete_enrollments(tx, {row}, now);
        another = std::jthread([&] {
            EXPECT_TRUE(store.finish({sent(claimed.sends[1])}, now));
            finished = true;
        });
        while (!finished && waiting() == 0) std::this_thread::yield();
    }));
    another.join();
    EXPECT_EQ(count("lease"), 0);
    EXPECT_EQ(count("enrollment where status = 'active'"), 0);
}

TEST_F(PostgresCompletionTest, ManyThatAreFinishedByTwoAllEnd) {
    for (int n = 0; n < 40; ++n) enroll("e" + std::to_string(n));
    auto const claimed = claim();
    ASSERT_EQ(claimed.sends.size(), 80u);
    std::vector<std::jthread> workers;
    for (int mine = 0; mine < 2; ++mine)
        workers.emplace_back([&, mine] {
            for (auto const& send : claimed.sends)
                if (send.first.step == mine)
                    while (!store.finish({sent(send)}, now)) std::this_thread::yield();
        });
    workers.clear();
    EXPECT_EQ(count("enrollment where status = 'active'"), 0);
}

}  // namespace
}  // namespace recoup::postgres
