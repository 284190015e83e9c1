// Running enrollments that an operator moves to another version of their sequence.

#include "core/plan/move.hpp"

#include <gtest/gtest.h>

namespace recoup::core {
namespace {

using std::chrono::hours;
Instant const anchor = parse_rfc3339("2026-03-02T15:00:00Z").value();

SequenceStep step(std::string name, int after) {
    SequenceStep out;
    out.name = std::move(name);
    out.delay = hours{after};
    out.useful_for = hours{6};
    return out;
}

Sequence version(int number, std::vector<SequenceStep> steps) {
    Sequence out;
    out.name = "cart";
    out.version = number;
    out.steps = std::move(steps);
    return out;
}

MoveFacts running() {
    MoveFacts facts;
    facts.enrollment.id = "e";
    facts.enrollment.sequence_version = 1;
    facts.enrollment.plan = 1;
    facts.enrollment.anchor_at = anchor;
    facts.begun = {{0, "mail", true}};
    return facts;
}

std::string told(Move const& move) {
    std::string out(name(move.kind));
    for (auto const& planned : move.steps)
        out += " " + std::to_string(planned.step) + "@" + std::to_string(std::chrono::duration_cast<hours>(planned.due_at - anchor).count());
    return out;
}

TEST(Move, PlansWhatWasNotSentByTheNewDelaysAndRepeatsNothing) {
    auto const to = version(2, {step("mail", 1), step("text", 6), step("call", 30)});
    auto const move = move_to(running(), to, anchor + hours{2});
    EXPECT_EQ(told(move), "moved 1@6 2@30");
    EXPECT_EQ(move.enrollment.sequence_version, 2);
    EXPECT_EQ(move.enrollment.plan, 2);
    for (auto const& planned : move.steps) EXPECT_EQ(planned.plan, 2);
}

TEST(Move, WhatWasSentIsNotRepeatedLaterUnderItsName) {
    auto const to = version(2, {step("hello", 1), step("mail", 20)});
    EXPECT_EQ(told(move_to(running(), to, anchor + hours{2})), "completed");
}

TEST(Move, AStepInThePlaceOfASentOneStandsInTheWay) {
    auto const to = version(2, {step("other", 20), step("last", 40)});   // messages are known by their place
    EXPECT_EQ(move_to(running(), to, anchor + hours{2}).kind, MoveKind::in_the_way);
}

TEST(Move, WhatIsOnItsWayIsLeftForTheNextRun) {
    auto facts = running();
    facts.begun[0].settled = false;
    EXPECT_EQ(move_to(facts, version(2, {step("mail", 1), step("text", 6)}), anchor + hours{2}).kind, MoveKind::busy);
}

TEST(Move, NothingIsSentForWhatIsPastAndAnEnrollmentWithNothingLeftIsOver) {
    auto const to = version(2, {step("mail", 1), step("text", 3)});
    EXPECT_EQ(told(move_to(running(), to, anchor + hours{10})), "completed");
    auto const later = version(3, {step("mail", 1), step("text", 3), step("last", 72)});
    EXPECT_EQ(told(move_to(running(), later, anchor + hours{10})), "moved 2@72");
}

TEST(Move, AStepThatWaitsKeepsItsTime) {
    auto facts = running();
    facts.waiting["text"] = {anchor + hours{17}, StepWait::paused};   // quiet until then, or paused
    auto const to = version(2, {step("mail", 1), step("text", 12)});
    auto const move = move_to(facts, to, anchor + hours{16});
    EXPECT_EQ(told(move), "moved 1@17");
    EXPECT_EQ(move.steps[0].wait, StepWait::paused);
    EXPECT_EQ(told(move_to(facts, version(2, {step("mail", 1), step("text", 2)}), anchor + hours{16})), "completed");   // of no use by then
}

}  // namespace
}  // namespace recoup::core
