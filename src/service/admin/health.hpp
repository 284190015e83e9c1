#pragma once
// Is it alive, is it ready, what are its numbers. Open on the admin listener: probes and scrapers carry no token.

#include "recoup/base/result.hpp"
#include "recoup/port/http.hpp"
#include "recoup/port/metrics.hpp"

#include <functional>
#include <string>
#include <vector>

namespace recoup::service {

/// One dependency. `ask` may block for a moment and is called from several threads; its error's message is shown by
/// ?verbose and must hold no secret.
struct ReadinessCheck {
    std::string name;
    std::function<Result<void>()> ask;
    std::function<std::string()> note = {};   // shown by ?verbose behind an ok, when there is something to say
};

/// /livez: 200 as long as requests are served; touches nothing. /readyz and its alias /healthz: 200 when every check
/// passes, else 503 naming the failed ones; with ?verbose one line a check. /metrics: text exposition 0.0.4.
/// `metrics` outlives the routes.
std::vector<Route> health_routes(std::vector<ReadinessCheck> checks, Metrics const& metrics);

}  // namespace recoup::service
