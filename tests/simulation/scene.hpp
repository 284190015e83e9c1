#pragma once
// What all actors of a run share: the virtual time, the seed's chance, the durable world, and the trace of what happened.

#include "simulation/chance.hpp"
#include "simulation/script.hpp"

#include "adapter/memory/database.hpp"
#include "adapter/memory/memory_log.hpp"

#include <algorithm>
#include <deque>
#include <iterator>
#include <optional>
#include <string>

namespace recoup::simulation {

/// An invariant that did not hold.
struct Violation {
    std::string invariant;
    std::string detail;
};

struct Scene {
    explicit Scene(Options const& given) : options(given), script(write_script(given)), chance(given.seed * 3), now(script.start) {
        std::move(script.arrivals.begin(), script.arrivals.end(), std::back_inserter(arrivals));
        script.arrivals.clear();
    }

    void note(std::string const& actor, char const* what, std::string detail = {}) {
        if (trace.size() == 60) trace.pop_front();
        trace.push_back({now, actor, what, std::move(detail)});
        ++steps;
    }
    /// Only the first counts: what follows from it is noise.
    void violate(std::string invariant, std::string detail) {
        if (!violation) violation = Violation{std::move(invariant), std::move(detail)};
    }
    /// How far instances' clocks may be from the true time, which is `now`.
    Millis clock_error() const {
        return options.faults.clock_jump > 0 ? std::max(options.faults.skew, Millis{std::chrono::hours{2}}) : options.faults.skew;
    }

    struct Step {
        Instant at{};
        std::string actor;
        char const* what = "";
        std::string detail;
    };

    Options const options;
    Script script;
    std::deque<Arrival> arrivals;          // those of the script and what shoppers do about messages
    Chance chance;
    Instant now;
    memory::LogStorage log{3};
    memory::Database database;
    std::uint64_t appended = 0;            // records in the log
    std::deque<Step> trace;
    std::uint64_t steps = 0, crashes = 0, conflicts = 0, calls = 0;
    std::optional<Violation> violation;
};

}  // namespace recoup::simulation
