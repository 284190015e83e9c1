#include "core/plan/claim.hpp"

#include "recoup/base/digest.hpp"

#include <algorithm>
#include <tuple>

namespace recoup::core {

void order_claimed(std::vector<LeasedStep>& claimed) {
    auto const rank = [](LeasedStep const& leased) {
        auto const& step = leased.due.step;
        return std::tie(step.due_at, step.planned_at, leased.due.shop.id, step.enrollment_id, step.step);
    };
    std::sort(claimed.begin(), claimed.end(),
              [&](LeasedStep const& a, LeasedStep const& b) { return rank(a) < rank(b); });
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
