#pragma once
// How services ask for a risk: bound at wiring to the loaded model, or empty when there is none.

#include "recoup/domain/cart.hpp"
#include "recoup/domain/decision.hpp"
#include "recoup/domain/person.hpp"

#include <functional>

namespace recoup::service {

/// Thread-safe. `explain` adds the exact contributions (milliseconds instead of microseconds).
using Scorer = std::function<Score(Cart const&, Person const&, Instant now, bool explain)>;

}  // namespace recoup::service
