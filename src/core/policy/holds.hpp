#pragma once
// Whether a condition of a sequence holds for a step that is due.

#include "core/policy/facts.hpp"
#include "core/sequence/condition.hpp"

namespace recoup::core {

struct Held {
    bool holds = false;
    std::string input;   // what was seen, without personal data
};

/// A condition that does not parse (applied by an older version) does not hold.
Held holds(std::string_view condition, SendFacts const& facts);

}  // namespace recoup::core
