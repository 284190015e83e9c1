#pragma once
// docs/metrics.md, made from metric_table(), so that the page cannot drift from what is served.

#include <string>

namespace recoup::service {

std::string metrics_markdown();

}  // namespace recoup::service
