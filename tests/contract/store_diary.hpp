#pragma once
// A life: the real services over one family of stores, through a scripted shop on a manual clock, written down decision by
// decision. Two families that do the same write the same diary.

#include "contract/store_contract.hpp"
#include "simulation/script.hpp"

#include <string>
#include <vector>

namespace recoup::test {

std::vector<std::string> live_through(StoreWorld& world, simulation::Script const& script, simulation::Options const& options);

}  // namespace recoup::test
