#pragma once
// `recoup demo` and `recoup dev --demo`: a simulated store that plays through the public HTTP interface as a real one
// would; the admin API only moves the clock and tells the results.

#include "app/demo/daemon.hpp"
#include "app/demo/plan.hpp"
#include "app/demo/report.hpp"

#include <iosfwd>

namespace recoup::demo {

struct Options {
    Access access;
    PlanOptions plan;
};

/// Plays to the end, or goes on where an earlier play on the same data with the same seed and carts was cut off; ends
/// with the same report either way. `talk` hears of the progress. `client` must be thread-safe.
Result<Report> play(Options const& options, HttpClient& client, std::ostream& talk);

}  // namespace recoup::demo
