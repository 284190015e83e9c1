#pragma once
// Moving a running enrollment to another version of its sequence, which only an operator does: by itself an enrollment keeps
// the version that it began with. Pure.

#include "core/plan/plan.hpp"

#include <map>
#include <set>

namespace recoup::core {

/// A step of the old plan that has a message.
struct BegunStep {
    int step = 0;
    std::string name;
    bool settled = true;      // false: it is being sent, or will be tried again
};

/// A planned step of the old plan that waits beyond its planned time (quiet hours, a pause, a rate), by name.
struct WaitingStep {
    Instant due_at{};
    StepWait wait = StepWait::none;
};

struct MoveFacts {
    Enrollment enrollment;
    std::vector<BegunStep> begun;
    std::map<std::string, WaitingStep> waiting;
};

/// `in_the_way`: a step to be planned has the place of another that was sent already; messages are known by that place.
enum class MoveKind : unsigned char { moves, completes, busy, in_the_way };
std::string_view name(MoveKind kind);

struct Move {
    MoveKind kind = MoveKind::moves;
    Enrollment enrollment;              // with its new version and plan
    std::vector<PlannedStep> steps;     // with moves
};

/// Steps of the new version that were not begun are planned by its delays from the same anchor; what was sent, by its name, is
/// not repeated, and what is past is left out as with any late plan.
Move move_to(MoveFacts const& facts, Sequence const& to, Instant now);

}  // namespace recoup::core
