#include "app/sequence_timeline.hpp"

#include "core/plan/plan.hpp"

#include <algorithm>

namespace recoup::app {
namespace {

bool later(PlannedStep const& a, PlannedStep const& b) {
    return std::tie(a.due_at, a.step) > std::tie(b.due_at, b.step);   // the earliest is the heap's first
}

bool among(std::vector<std::string> const& names, std::string const& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::vector<TimelineRow> timeline(Sequence const& sequence, core::SendFacts facts, core::Policy const& policy,
                                  Touched const& touched) {
    std::vector<TimelineRow> rows;
    facts.sequence = sequence;
    auto waiting = core::plan_steps(facts.enrollment, sequence, facts.enrollment.opened_at, policy.min_gap);
    std::make_heap(waiting.begin(), waiting.end(), later);
    while (!waiting.empty()) {
        std::pop_heap(waiting.begin(), waiting.end(), later);
        auto step = std::move(waiting.back());
        waiting.pop_back();
        facts.step = step;
        facts.config = sequence.steps[static_cast<std::size_t>(step.step)];
        facts.now = step.due_at;
        auto verdict = core::decide_step(facts, policy);
        rows.push_back({facts.now, step.step, verdict});
        if (verdict.verdict == Verdict::end) break;
        if (verdict.verdict == Verdict::move) {
            step.due_at = verdict.move_to;
            waiting.push_back(std::move(step));
            std::push_heap(waiting.begin(), waiting.end(), later);
        }
        if (verdict.verdict != Verdict::send) continue;
        auto const& step_name = facts.config.name;
        if (among(touched.visited, step_name)) facts.person.visited_at = facts.now + Millis{1};
        facts.history.push_back({facts.config.channel, facts.enrollment.cart_id, facts.enrollment.id, facts.now, step.step,
                                 among(touched.opened, step_name), among(touched.clicked, step_name)});
    }
    return rows;
}

}  // namespace recoup::app
