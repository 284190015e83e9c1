#pragma once
// Mutations that a seed draws: the same on every machine.

#include "recoup/base/random.hpp"

#include <string>
#include <vector>

namespace recoup::fuzz {

/// One to four changes: bits, bytes, numbers at their edges, words, cuts, repetitions, pieces of other samples.
std::string mutated(std::string text, std::vector<std::string> const& samples, std::vector<std::string> const& words,
                    SeededRandom& random);

}  // namespace recoup::fuzz
