#pragma once
// The whole demo as data: every shopper and every action, from the seed and the start alone.

#include "app/demo/action.hpp"
#include "app/demo/shopper.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace recoup::demo {

struct PlanOptions {
    std::uint64_t seed = 1;
    int carts = 300;
    int hours = 100;
};

struct Plan {
    Instant start{}, end{};
    Millis bucket{std::chrono::minutes{10}};
    std::vector<Shopper> shoppers;
    std::vector<Action> actions;       // by the bucket's end, then shopper, then time: the order of delivery

    /// When the daemon's clock stands while the action is done: the end of its bucket.
    Instant done_at(Action const& action) const;
};

Plan plan_demo(PlanOptions const& options, Instant start);

/// Names a run: the same seed and carts play the same story.
std::string run_name(PlanOptions const& options);

}  // namespace recoup::demo
