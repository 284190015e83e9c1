#pragma once
// The simulation's shop, with what it leaves out: sequences for every trigger with conditions, bands and slots, shoppers who
// browse, cancel subscriptions and come back, coupons that end and products that go.

#include "simulation/script.hpp"

namespace recoup::test {

simulation::Script wide_script(simulation::Options const& options);

}  // namespace recoup::test
