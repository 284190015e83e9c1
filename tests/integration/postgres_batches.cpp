// Steps are taken from where they lie, in batches between edges in time: nothing due is ever out of sight.
#include "adapter/postgres/enrollment_row.hpp"
#include "adapter/postgres/schedule_store.hpp"

#include "recoup/base/digest.hpp"

#include "support/postgres_fixture.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <random>
#include <regex>
#include <thread>

namespace recoup::postgres {
namespace {

constexpr Statement insert_planned_person{
    "test_planned_person", "insert into person (shop_id, person_id, doc, last_seen_at) values ('s', $1, $2::json, at_ms($3))"};

constexpr Statement hold_planned_person{"test_hold_person", "select from person where shop_id = 's' and person_id = $1 for update"};

constexpr Statement insert_overdue_people{
    "test_overdue_people", "insert into person (shop_id, person_id, doc, last_seen_at) select 's', 'p' || n, '{}', at_ms($2) "
                           "from generate_series(0, $1::bigint - 1) n"};
constexpr Statement insert_overdue_enrollments{
    "test_overdue_enrollments",
    "insert into enrollment (shop_id, enrollment_id, person_id, trigger, sequence, sequence_version, arm, status, reason, anchor_at, "
    "opened_at, last_due_at, due_ms) select 's', 'o' || n, 'p' || n, 'cart', 'cart', 1, 'treated', 'active', 'idle', at_ms($2), at_ms($2), "
    "at_ms($2 + n * $3), array[$2 + n * $3] "
    "from generate_series(0, $1::bigint - 1) n"};
constexpr Statement insert_overdue_steps{
    "test_overdue_steps",
    "insert into step (shop_id, enrollment_id, plan, step, channel, planned_at, due_at) select 's', 'o' || n, 1, 0, 'email', at_ms($2 + n * $3), "
    "at_ms($2 + n * $3) from generate_series(0, $1::bigint - 1) n"};

StepWrite skipped(DueStep const& step) {
    StepWrite write;
    write.shop_id = "s";
    write.enrollment_id = step.enrollment.id;
    write.plan = step.step.plan;
    write.step = step.step.step;
    write.reason = Reason::no_consent;
    write.told_before = true;   // what is decided is not looked at
    return write;
}

std::vector<StepWrite> skipped(std::vector<DueStep> const& due) {
    std::vector<StepWrite> writes;
    for (auto const& step : due) writes.push_back(skipped(step));
    return writes;
}

struct PostgresBatchesTest : testing::Test {
    test::Database database;
    Instant const start = parse_rfc3339("2026-11-20T23:30:00Z").value();   // the day ends in half an hour
    Pool pool{database.options(), 6};
    PostgresScheduleStore store{pool};

    /// An enrollment of a person of its own with a step due at each of these times.
    void plan(std::string const& id, std::vector<Instant> const& due, int plan_number = 1) {
        auto const made = run_sharing_edges(pool, [&](pqxx::work& tx) {
            Enrollment enrollment;
            enrollment.id = id;
            enrollment.person_id = "p-" + id;
            enrollment.sequence = "cart";
            enrollment.anchor_at = enrollment.opened_at = start;
            enrollment.plan = plan_number;
            std::vector<PlannedStep> steps;
            for (auto const at : due) steps.push_back({id, plan_number, static_cast<int>(steps.size()), Channel::email, at, at});
            if (plan_number > 1) {   // whoever plans anew holds the person, as claims do
                exec(tx, hold_planned_person, enrollment.person_id);
                return replan_enrollment(tx, "s", enrollment, steps);
            }
            Person person;
            person.id = enrollment.person_id;
            exec(tx, insert_planned_person, person.id, json_parameter(person), to_millis(start));
            insert_enrollments(tx, "s", {enrollment}, steps);
        });
        EXPECT_TRUE(made) << made.error().message;
    }

    void end(std::string const& id) {
        ASSERT_TRUE(run_sharing_edges(pool, [&](pqxx::work& tx) { end_enrollments(tx, "s", {{id, Reason::ordered}}, start); }));
    }

    /// Decides the same of all that is due; "enrollment/step" of each.
    std::vector<std::string> claim(Instant now, Verdict verdict = Verdict::skip, Instant move_to = never, std::size_t max = 100) {
        std::vector<std::string> seen;
        auto const claimed = store.claim_steps(now, now + Seconds{60}, max, [&](std::vector<DueStep> const& due) {
            std::vector<StepWrite> writes;
            for (auto const& step : due) {
                seen.push_back(step.enrollment.id + "/" + std::to_string(step.step.step));
                StepWrite write;
                write.shop_id = "s";
                write.enrollment_id = step.enrollment.id;
                write.plan = step.step.plan;
                write.step = step.step.step;
                write.verdict = write.decision.verdict = verdict;
                write.move_to = write.decision.move_to = move_to;
                write.reason = write.decision.reason = verdict == Verdict::move ? Reason::quiet_hours : Reason::no_consent;
                write.decision.id = stable_id("d", {seen.back(), to_rfc3339(now)});
                write.decision.subject = "step";
                write.decision.at = now;
                writes.push_back(std::move(write));
            }
            return writes;
        });
        EXPECT_TRUE(claimed) << claimed.error().message;
        std::sort(seen.begin(), seen.end());
        return seen;
    }

    std::int64_t count(std::string const& what) {
        return run(pool, [&](pqxx::work& tx) { return tx.exec1("select count(*) from " + what)[0].as<std::int64_t>(); }).value();
    }
};

using Steps = std::vector<std::string>;

TEST_F(PostgresBatchesTest, TakesStepsWhereTheyLie) {
    EXPECT_EQ(claim(start), Steps{});
    plan("a", {start + Seconds{30}, start + std::chrono::hours{4}, start + std::chrono::hours{72}});
    EXPECT_EQ(count("lease"), 1) << "due so soon that its batch may be under way";
    EXPECT_EQ(count("step"), 2);
    EXPECT_EQ(store.next_due().value(), start + Seconds{30});
    EXPECT_EQ(claim(start + Seconds{30}), Steps{"a/0"});
    EXPECT_EQ(count("lease"), 0) << "what is over leaves";
    EXPECT_EQ(count("enrollment where status = 'active'"), 1) << "steps that are due later keep it open";
    EXPECT_EQ(store.next_due().value(), start + std::chrono::hours{4});
    EXPECT_EQ(claim(start + std::chrono::hours{4}), Steps{"a/1"});
    EXPECT_EQ(count("lease"), 0) << "what was skipped was never there";
    EXPECT_EQ(claim(start + std::chrono::hours{72}), Steps{"a/2"});
    EXPECT_EQ(count("batch"), 0);
    EXPECT_EQ(count("enrollment where status = 'active'"), 0);
    EXPECT_EQ(store.next_due().value(), std::nullopt);
}

TEST_F(PostgresBatchesTest, DropsTheDaysThatAreOver) {
    auto const days = [&] { return count("pg_inherits where inhparent = 'step'::regclass"); };
    plan("a", {start + std::chrono::hours{24 * 30}});
    claim(start);
    auto const before = days();
    EXPECT_GE(before, 9) << "those of the next week are there before anybody needs them";
    claim(start + std::chrono::hours{24 * 3});
    EXPECT_EQ(days(), before) << "three days were dropped, three made";
    EXPECT_EQ(claim(start + std::chrono::hours{24 * 30}), Steps{"a/0"});
}

TEST_F(PostgresBatchesTest, ForgetsWhatWasCancelledBeforeItCameIntoReach) {
    claim(start);
    plan("ordered", {start + std::chrono::hours{1}});
    plan("again", {start + std::chrono::hours{1}, start + std::chrono::hours{2}});
    plan("again", {start + std::chrono::hours{3}}, 2);
    end("ordered");
    EXPECT_EQ(store.next_due().value(), start + std::chrono::hours{3});
    EXPECT_EQ(claim(start + std::chrono::hours{2}), Steps{});
    EXPECT_EQ(claim(start + std::chrono::hours{3}), Steps{"again/0"});
}

TEST_F(PostgresBatchesTest, SeesAStepThatIsDueBelowTheLowerEdge) {
    for (int n = 0; n < 60; ++n) plan("a" + std::to_string(n), {start});
    EXPECT_EQ(claim(start).size(), 60u);
    ASSERT_TRUE(run(pool, [](pqxx::work& tx) { tx.exec0("update edge set low = until"); }));   // as if nothing were planned
    plan("late", {start - std::chrono::hours{5}});
    EXPECT_EQ(store.next_due().value(), start - std::chrono::hours{5});
    EXPECT_EQ(claim(start, Verdict::move, start + Seconds{5}), Steps{"late/0"});
    EXPECT_EQ(claim(start + Seconds{5}), Steps{"late/0"});
}

TEST_F(PostgresBatchesTest, WhatIsMovedIsClaimedFromThenOn) {
    claim(start);
    plan("a", {start + std::chrono::hours{1}});
    auto const due = start + std::chrono::hours{1};
    EXPECT_EQ(claim(due, Verdict::move, due + std::chrono::hours{8}), Steps{"a/0"});
    EXPECT_EQ(count("lease where state = 'planned' and attempt = 0"), 1);
    EXPECT_EQ(count("enrollment where status = 'active'"), 1);
    EXPECT_EQ(store.next_due().value(), due + std::chrono::hours{8});
    EXPECT_EQ(claim(due + std::chrono::hours{8}), Steps{"a/0"});
    EXPECT_EQ(count("enrollment where status = 'active'"), 0);
}

/// `count` people, each with one step that is overdue and was not taken, `apart` after the one before.
void leave_overdue(Pool& pool, std::int64_t count, Instant now, Millis apart = Millis{1}) {
    ASSERT_TRUE(run(pool, [&](pqxx::work& tx) {
        exec(tx, insert_overdue_people, count, to_millis(now));
        exec(tx, insert_overdue_enrollments, count, to_millis(now), apart.count());
        exec(tx, insert_overdue_steps, count, to_millis(now), apart.count());
    }));
}

/// As a claim of `most` that `decide`s; how many were decided.
template <class Decide>
std::size_t claim_up_to(PostgresScheduleStore& store, std::size_t most, Instant now, Decide decide) {
    auto const claimed = store.claim_steps(now, now + Seconds{60}, most, decide);
    EXPECT_TRUE(claimed) << claimed.error().message;
    return claimed ? claimed->decided : 0;
}

TEST_F(PostgresBatchesTest, ABacklogIsTakenNoFasterThanItIsDecided) {
    constexpr std::int64_t overdue = 5'000;
    EXPECT_EQ(claim(start), Steps{});   // makes the partitions
    leave_overdue(pool, overdue, start + std::chrono::hours{5});
    auto const now = start + std::chrono::hours{6};
    EXPECT_EQ(claim(now).front(), "o0/0") << "the earliest first";
    EXPECT_EQ(store.due_count(now).value(), overdue - 100);
    PostgresScheduleStore another{pool};
    std::size_t decided = 100;
    for (auto* mine = &store; auto const some = claim_up_to(*mine, 300, now, [](auto const& due) { return skipped(due); });) {
        decided += some;
        mine = mine == &store ? &another : &store;
    }
    EXPECT_EQ(decided, static_cast<std::size_t>(overdue));
    EXPECT_EQ(count("lease"), 0);
    EXPECT_EQ(store.due_count(now).value(), 0);
}

TEST_F(PostgresBatchesTest, ABatchWhoseClaimFailedIsDecidedByWhoeverFindsIt) {
    claim(start);
    leave_overdue(pool, 50, start + std::chrono::hours{5});
    auto const now = start + std::chrono::hours{6};
    auto const fails = [](std::vector<DueStep> const&) -> std::vector<StepWrite> { throw std::runtime_error("no"); };
    EXPECT_FALSE(store.claim_steps(now, now + Seconds{60}, 20, fails));
    EXPECT_EQ(count("batch"), 1);
    EXPECT_EQ(store.due_count(now).value(), 50);
    EXPECT_LE(store.next_due().value(), now);
    PostgresScheduleStore another{pool};
    std::vector<std::string> seen;
    auto const note = [&](std::vector<DueStep> const& due) {
        for (auto const& step : due) seen.push_back(step.enrollment.id);
        return skipped(due);
    };
    while (claim_up_to(another, 20, now, note) > 0) {}
    EXPECT_EQ(seen.size(), 50u);
    EXPECT_EQ(seen.front(), "o0");
    EXPECT_EQ(count("batch"), 0);
    EXPECT_EQ(store.next_due().value(), std::nullopt);
}

TEST_F(PostgresBatchesTest, ABatchThatSomebodyDecidesIsLeftAlone) {
    claim(start);
    leave_overdue(pool, 40, start + std::chrono::hours{5});
    auto const now = start + std::chrono::hours{6};
    PostgresScheduleStore another{pool};
    std::vector<std::string> seen;
    auto const note = [&](std::vector<DueStep> const& due) {
        for (auto const& step : due) seen.push_back(step.enrollment.id);
        return skipped(due);
    };
    EXPECT_EQ(claim_up_to(store, 20, now, [&](std::vector<DueStep> const& due) {   // another one comes meanwhile
        EXPECT_EQ(claim_up_to(another, 20, now, note), 20u);
        EXPECT_EQ(claim_up_to(another, 20, now, note), 0u);
        return note(due);
    }), 20u);
    std::sort(seen.begin(), seen.end());
    EXPECT_EQ(seen.size(), 40u);
    EXPECT_TRUE(std::adjacent_find(seen.begin(), seen.end()) == seen.end());
}

TEST_F(PostgresBatchesTest, SeveralThatTakeAtOnceTakeEachStepOnce) {
    constexpr int takers = 4;
    claim(start);
    leave_overdue(pool, 600, start + std::chrono::hours{5});
    auto const now = start + std::chrono::hours{6};
    std::array<std::vector<std::string>, takers> seen;
    std::vector<std::jthread> threads;
    for (auto& mine : seen)
        threads.emplace_back([&] {
            PostgresScheduleStore another{pool};
            auto const note = [&](std::vector<DueStep> const& due) {
                for (auto const& step : due) mine.push_back(step.enrollment.id);
                return skipped(due);
            };
            while (claim_up_to(another, 2, now, note) > 0) {}
        });
    threads.clear();
    std::vector<std::string> all;
    for (auto const& mine : seen) all.insert(all.end(), mine.begin(), mine.end());
    std::sort(all.begin(), all.end());
    EXPECT_EQ(all.size(), 600u);
    EXPECT_TRUE(std::adjacent_find(all.begin(), all.end()) == all.end()) << "decided twice";
    EXPECT_EQ(count("batch"), 0);
}

TEST_F(PostgresBatchesTest, OfManyAtTheSameMillisecondSomeWaitForTheNextClaim) {
    claim(start);
    leave_overdue(pool, 90, start + std::chrono::hours{5}, Millis{0});
    auto const now = start + std::chrono::hours{6};
    for (int turn = 0; turn < 3; ++turn) EXPECT_EQ(claim_up_to(store, 30, now, [](auto const& due) { return skipped(due); }), 30u);
    EXPECT_EQ(claim(now), Steps{});
    EXPECT_EQ(count("enrollment where status = 'active'"), 0);
}

TEST_F(PostgresBatchesTest, CancelledStepsTakeLittleOfTheRoomInAClaim) {
    claim(start);
    leave_overdue(pool, 100, start + std::chrono::hours{5});
    for (int n = 0; n < 100; n += 2) end("o" + std::to_string(n));
    for (int n = 80; n < 100; ++n) end("o" + std::to_string(n));
    auto const first = claim(start + std::chrono::hours{6}, Verdict::skip, never, 40).size();
    EXPECT_LE(first, 40u);
    EXPECT_GT(first, 30u) << "every other one";
    EXPECT_EQ(claim(start + std::chrono::hours{6}, Verdict::skip, never, 40).size(), 40u - first);
    EXPECT_EQ(count("batch"), 0) << "also of those that were all cancelled";
}

/// Of tables that grow without end, those whose rows some statement of this session would look for among all of a shop's, and in which plan.
std::string looked_for_by_shop_alone(Pool& session) {
    std::string found;
    auto const asked = run(session, [&](pqxx::work& tx) {
        std::regex const grows{".* on (message|lease|order_mark|enrollment|cart|person|payment) .*"}, by_shop{" *Index Cond: \\(shop_id = [^ ]+\\)"};
        for (auto const& statement : tx.exec("select name, cardinality(parameter_types) from pg_prepared_statements")) {
            std::string values;
            for (int i = 0; i < statement[1].as<int>(); ++i) values += i == 0 ? "(null" : ", null";
            std::string scan;
            for (auto const& line : tx.exec("explain execute " + tx.quote_name(statement[0].c_str()) + (values.empty() ? "" : values + ")"))) {
                std::string const text = line[0].c_str();
                if (text.find("Scan") != std::string::npos) scan = text;
                if (std::regex_match(text, by_shop) && std::regex_match(scan, grows)) found += std::string(statement[0].c_str()) + ": " + scan + "\n";
            }
        }
    });
    EXPECT_TRUE(asked) << asked.error().message;
    return found;
}

TEST_F(PostgresBatchesTest, LooksRowsUpByTheirIdsAlsoWhenTheirTablesAreEmpty) {
    claim(start);
    plan("a", {start + std::chrono::hours{4}, start + std::chrono::hours{6}});
    plan("a", {start + std::chrono::hours{4}}, 2);
    auto options = database.options();
    options.key_lookups = true;   // as the daemon's
    Pool one{options, 1};
    PostgresScheduleStore mine{one};
    EXPECT_EQ(claim_up_to(mine, 10, start + std::chrono::hours{5}, [](auto const& due) { return skipped(due); }), 1u);
    EXPECT_EQ(looked_for_by_shop_alone(one), "");
}

/// Planners, a purchaser and two schedulers at once: what was planned and not cancelled is decided exactly once.
TEST_F(PostgresBatchesTest, LosesAndDoublesNothingWhileEdgesMove) {
    constexpr int planners = 2, each = 150;
    PostgresScheduleStore other{pool};
    std::atomic<std::int64_t> clock{to_millis(start)};
    std::atomic<int> planning{planners};
    std::vector<std::jthread> threads;
    for (int planner = 0; planner < planners; ++planner)
        threads.emplace_back([&, planner] {
            std::minstd_rand random(static_cast<unsigned>(planner) + 1);
            for (int n = 0; n < each; ++n) {
                std::vector<Instant> due;   // some overdue, some soon, some far
                for (int i = 0; i < 3; ++i)
                    due.push_back(instant_from_millis(clock) + Seconds{static_cast<int>(random() % 2000) - 100});
                auto const id = std::to_string(planner) + "-" + std::to_string(n);
                plan(id, due);
                if (n % 5 == 0) plan(id, {instant_from_millis(clock) + Seconds{static_cast<int>(random() % 1000)}}, 2);
            }
            --planning;
        });
    std::array<std::vector<std::string>, 2> decided;
    auto const schedule = [&](PostgresScheduleStore& mine, std::vector<std::string>& seen) {
        for (;;) {
            bool const last = planning == 0;
            auto const now = instant_from_millis(clock += 7'000);
            auto const claimed = mine.claim_steps(now, now + Seconds{60}, 20, [&](std::vector<DueStep> const& due) {
                std::vector<StepWrite> writes;
                for (auto const& step : due) {
                    StepWrite write;
                    write.shop_id = "s";
                    write.enrollment_id = step.enrollment.id;
                    write.plan = step.step.plan;
                    write.step = step.step.step;
                    write.reason = write.decision.reason = Reason::no_consent;
                    write.decision.id = stable_id("d", {step.enrollment.id, std::to_string(step.step.plan), std::to_string(step.step.step)});
                    write.decision.subject = "step";
                    write.decision.at = now;
                    seen.push_back(step.enrollment.id + "/" + std::to_string(step.step.plan) + "/" + std::to_string(step.step.step));
                    writes.push_back(std::move(write));
                }
                return writes;
            });
            ASSERT_TRUE(claimed) << claimed.error().message;
            if (last && claimed->decided == 0 && !mine.next_due().value()) return;
        }
    };
    threads.emplace_back([&] { schedule(store, decided[0]); });
    threads.emplace_back([&] { schedule(other, decided[1]); });
    threads.clear();
    auto all = decided[0];
    all.insert(all.end(), decided[1].begin(), decided[1].end());
    std::sort(all.begin(), all.end());
    EXPECT_TRUE(std::adjacent_find(all.begin(), all.end()) == all.end()) << "decided twice";
    auto const newest = std::count_if(all.begin(), all.end(), [](std::string const& id) { return id.find("/2/") != id.npos; });
    EXPECT_EQ(newest, planners * each / 5) << "every new plan";
    auto const of_first_plans = static_cast<std::ptrdiff_t>(all.size()) - newest;
    EXPECT_GE(of_first_plans, planners * each * 4 / 5 * 3) << "every step of the plans that stayed";
    EXPECT_LE(of_first_plans, planners * each * 3);
    EXPECT_EQ(count("enrollment where status = 'active'"), 0);
    EXPECT_EQ(count("lease where state in ('planned', 'sending')"), 0);
}

}  // namespace
}  // namespace recoup::postgres
