#pragma once
// The dirt of real life: deliveries that come twice, late, swapped, or after what they led to.

#include "app/demo/action.hpp"
#include "app/demo/shopper.hpp"

#include "recoup/base/random.hpp"

#include <vector>

namespace recoup::demo {

/// Changes only deliver_at and adds repetitions with the same id and body; nothing comes after `end`.
void add_dirt(std::vector<Action>& script, Instant end, Random& random);

}  // namespace recoup::demo
