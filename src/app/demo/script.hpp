#pragma once
// A shopper's whole story as actions, in the order in which they happen, before the dirt of delivery is added.

#include "app/demo/action.hpp"
#include "app/demo/shopper.hpp"

#include <vector>

namespace recoup::demo {

/// `prefix` begins every delivery id. deliver_at is some seconds after occurred_at.
std::vector<Action> write_script(Shopper const& shopper, Instant start, std::string const& prefix);

}  // namespace recoup::demo
