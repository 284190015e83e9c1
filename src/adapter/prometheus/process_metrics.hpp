#pragma once
// The standard process metrics that prometheus-cpp lacks, read from /proc (proc(5)) at scrape time.

#include <prometheus/metric_family.h>

#include <vector>

namespace recoup::prometheus_adapter {

/// process_cpu_seconds_total, process_resident_memory_bytes, process_open_fds, process_max_fds,
/// process_start_time_seconds, process_threads. What cannot be read is left out.
std::vector<prometheus::MetricFamily> collect_process_metrics();

}  // namespace recoup::prometheus_adapter
