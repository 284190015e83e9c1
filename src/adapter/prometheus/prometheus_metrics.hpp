#pragma once
// The Metrics port on prometheus-cpp's core: everything in metric_table(), recoup_build_info and the standard process
// metrics, as text exposition 0.0.4.

#include "recoup/port/metrics.hpp"

#include <prometheus/registry.h>

#include <map>
#include <string>
#include <vector>

namespace recoup::prometheus_adapter {

class PrometheusMetrics final : public Metrics {
public:
    /// Registers the whole table; every label value starts at 0, so that alerts see it before it happens.
    explicit PrometheusMetrics(std::string_view version);

    /// A label value outside the metric's closed set counts as "other" where the set has it, else it is asserted.
    void add(Metric id, std::string_view label_value, double by) override;
    void set(Metric id, double value) override;
    void observe(Metric id, double value) override;
    std::string exposition() const override;

private:
    struct Series {
        MetricInfo const* info = nullptr;
        std::map<std::string, prometheus::Counter*, std::less<>> counters;   // by label value; "" = no label
        prometheus::Gauge* gauge = nullptr;
        prometheus::Histogram* histogram = nullptr;
    };

    void register_series(MetricInfo const& info);
    Series& series(Metric id, MetricInfo::Kind kind);

    prometheus::Registry registry_;
    std::vector<Series> series_;   // by Metric
};

}  // namespace recoup::prometheus_adapter
