#include "core/plan/claim.hpp"

#include "recoup/base/digest.hpp"

#include <algorithm>
#include <tuple>

namespace recoup::core {

void order_claimed(std::vector<LeasedStep>& claimed) {
    auto const rank = [](LeasedStep const& leased) {
        auto const& step = leased.due.step;
        return std::tie(step.due_at, step.planned_at, leased.due.shop->id, step.enrollment_id, step.step);
    };
    auto const before = [&](LeasedStep const& a, LeasedStep const& b) { return rank(a) < rank(b); };
    if (!std::is_sorted(claimed.begin(), claimed.end(), before)) std::sort(claimed.begin(), claimed.end(), before);   // they are large
}

std::optional<SendEvent> without_a_decision(SendState const& state, bool plan_counts) {
    if (state.came_back && (state.message == MessageStatus::unknown || state.message == MessageStatus::retry))
        return Resolved{true, std::nullopt};
    if (!plan_counts) return Cancelled{};
    return std::nullopt;
}

Reason reason_of(SendState const& state) {
    return state.message == MessageStatus::unknown ? Reason::outcome_unknown : Reason::ok;
}

Decided decided_event(StepWrite const& write, Instant now, Instant lease_until) {
    return {now, write.verdict, lease_until, write.move_to, write.may_repeat};
}

Finished finished_event(SendResult const& result) {
    return {result.lease_token, result.outcome.kind, result.retry_at, result.idempotent, result.called};
}

LeaseEnded ended_event(LeaseRecovery const& how, std::string const& adapter, Instant now) {
    auto const named = [&](std::vector<std::string> const& adapters) { return std::find(adapters.begin(), adapters.end(), adapter) != adapters.end(); };
    return {now, named(how.idempotent), named(how.looked_up) ? how.time_to_look_up : Millis{0}, how.early};
}

Decision outcome_unknown(std::string const& message_id, std::string enrollment_id, std::string person_id,
                         std::string cart_id, int step, Instant now) {
    Decision decision;
    decision.id = stable_id("dec", {message_id, "unknown"});
    decision.subject = "step";
    decision.verdict = Verdict::skip;
    decision.reason = Reason::outcome_unknown;
    decision.at = now;
    decision.message_id = message_id;
    decision.enrollment_id = std::move(enrollment_id);
    decision.person_id = std::move(person_id);
    decision.cart_id = std::move(cart_id);
    decision.step = step;
    return decision;
}

}  // namespace recoup::core
