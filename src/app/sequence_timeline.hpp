#pragma once
// A sequence lived through for one made-up shopper, by the same planning and the same rules as in the daemon.

#include "core/policy/decide.hpp"

#include <string>
#include <vector>

namespace recoup::app {

struct TimelineRow {
    Instant at{};
    int step = 0;
    core::StepVerdict verdict;
};

/// The steps whose message the shopper opens, clicks, or comes to the store after; by name.
struct Touched {
    std::vector<std::string> opened, clicked, visited;
};

/// `facts` is the shopper with cart or payment and the enrollment (its anchor: when the cart was left); what it says about
/// `step`, `config` and `now` is filled in. A message is touched as soon as it left. In the order of time.
std::vector<TimelineRow> timeline(Sequence const& sequence, core::SendFacts facts, core::Policy const& policy,
                                  Touched const& touched);

}  // namespace recoup::app
