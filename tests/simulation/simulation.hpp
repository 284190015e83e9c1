#pragma once
// A run: all actors on one thread, one step at a time, in an order drawn from the seed, until nothing is left to do.

#include "simulation/options.hpp"
#include "simulation/scene.hpp"

#include <map>
#include <optional>
#include <string>

namespace recoup::simulation {

struct Report {
    Options options;
    std::optional<Violation> violation;
    std::string trace;                     // the last steps, one a line
    std::uint64_t steps = 0, events = 0, effects = 0, calls = 0, crashes = 0, conflicts = 0, decisions = 0, enrollments = 0;
    std::uint64_t browse_effects = 0, readings = 0;   // messages about what was looked at; emails that were opened or followed
    Millis lived{0};
    std::string fingerprint;               // of everything that happened: equal runs have equal ones

    /// For people: what failed and how to see it again; empty when nothing failed.
    std::string failure() const;
    std::string summary() const;
};

/// `options` as given on the command line; the rest is drawn from the seed.
Report simulate(Options const& options);

}  // namespace recoup::simulation
