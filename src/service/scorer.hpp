#pragma once
// How services ask for a risk: bound at wiring to the loaded model, or empty when there is none.

#include "recoup/domain/cart.hpp"
#include "recoup/domain/decision.hpp"
#include "recoup/domain/person.hpp"
#include "recoup/port/metrics.hpp"

#include <cmath>
#include <functional>
#include <utility>

namespace recoup::service {

/// Thread-safe. `explain` adds the exact contributions (milliseconds instead of microseconds).
using Scorer = std::function<Score(Cart const&, Person const&, Instant now, bool explain)>;

/// Makes no score (Score{}: no model, risk 0) of one that is no number, and counts it: the cart then goes by the idle rule.
inline Scorer checked(Scorer scorer, Metrics& metrics) {
    if (!scorer) return scorer;
    return [scorer = std::move(scorer), &metrics](Cart const& cart, Person const& person, Instant now, bool explain) {
        auto score = scorer(cart, person, now, explain);
        if (std::isfinite(score.risk) && std::isfinite(score.margin)) return score;
        metrics.add(Metric::scores_failed);
        return Score{};
    };
}

}  // namespace recoup::service
