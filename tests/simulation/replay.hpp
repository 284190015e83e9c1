#pragma once
// State is a fold of the log: a fresh tracker on an empty database, reading everything from zero, ends with the same.

#include "simulation/scene.hpp"

#include <string>

namespace recoup::simulation {

/// Empty, or the first thing that differs. Ids that the fold makes up are compared away; what they stand for is not.
std::string replay_difference(Scene& scene);

}  // namespace recoup::simulation
