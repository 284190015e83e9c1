#include "core/plan/move.hpp"

#include <algorithm>

namespace recoup::core {
namespace {

/// Steps that wait keep their time; plan_steps has left them out when their planned time is past.
void keep_waiting(MoveFacts const& facts, Sequence const& to, Move& out) {
    for (std::size_t i = 0; i < to.steps.size(); ++i) {
        auto const& config = to.steps[i];
        auto const waiting = facts.waiting.find(config.name);
        if (waiting == facts.waiting.end()) continue;
        auto const index = static_cast<int>(i);
        auto const planned = std::find_if(out.steps.begin(), out.steps.end(), [&](PlannedStep const& step) { return step.step == index; });
        PlannedStep step;
        if (planned != out.steps.end()) step = *planned;
        step.enrollment_id = out.enrollment.id;
        step.plan = out.enrollment.plan;
        step.step = index;
        step.channel = config.channel;
        step.planned_at = out.enrollment.anchor_at + config.delay;
        step.due_at = std::max(step.planned_at, waiting->second.due_at);
        step.wait = waiting->second.wait;
        bool const useful = step.due_at <= step.planned_at + config.useful_for + Millis{1};   // a pause waits right behind it
        if (planned != out.steps.end()) *planned = step;
        else if (useful) out.steps.push_back(step);
    }
}

}  // namespace

std::string_view name(MoveKind kind) {
    switch (kind) {
        case MoveKind::moves: return "moved";
        case MoveKind::completes: return "completed";
        case MoveKind::busy: return "busy";
        case MoveKind::in_the_way: return "in_the_way";
    }
    return "moved";
}

Move move_to(MoveFacts const& facts, Sequence const& to, Instant now) {
    Move out;
    out.enrollment = facts.enrollment;
    out.enrollment.sequence_version = to.version;
    ++out.enrollment.plan;
    if (std::any_of(facts.begun.begin(), facts.begun.end(), [](BegunStep const& step) { return !step.settled; })) {
        out.kind = MoveKind::busy;
        return out;
    }
    out.steps = plan_steps(out.enrollment, to, now, Millis{0});
    std::erase_if(out.steps, [&](PlannedStep const& step) { return step.planned_at + late_grace < now; });   // none of the past
    keep_waiting(facts, to, out);
    std::set<std::string> sent;
    std::set<int> places;
    for (auto const& step : facts.begun) {
        sent.insert(step.name);
        places.insert(step.step);
    }
    std::erase_if(out.steps, [&](PlannedStep const& step) { return sent.contains(to.steps[static_cast<std::size_t>(step.step)].name); });
    bool const taken = std::any_of(out.steps.begin(), out.steps.end(), [&](PlannedStep const& step) { return places.contains(step.step); });
    if (taken) out.kind = MoveKind::in_the_way;
    else if (out.steps.empty()) out.kind = MoveKind::completes;
    return out;
}

}  // namespace recoup::core
