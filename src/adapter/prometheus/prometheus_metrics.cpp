#include "adapter/prometheus/prometheus_metrics.hpp"

#include "adapter/prometheus/process_metrics.hpp"
#include "recoup/base/assert.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/text_serializer.h>

#include <cstdlib>
#include <iterator>

namespace recoup::prometheus_adapter {
namespace {

using Kind = MetricInfo::Kind;

std::vector<std::string> split(std::string_view list, char separator) {
    std::vector<std::string> parts;
    while (!list.empty()) {
        auto const end = list.find(separator);
        parts.emplace_back(list.substr(0, end));
        list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
    }
    return parts;
}

prometheus::Histogram::BucketBoundaries bounds(std::string_view list) {
    prometheus::Histogram::BucketBoundaries values;
    for (auto const& text : split(list, ',')) values.push_back(std::strtod(text.c_str(), nullptr));
    return values;
}

}  // namespace

PrometheusMetrics::PrometheusMetrics(std::string_view version) {
    for (auto const& info : metric_table()) register_series(info);
    prometheus::BuildGauge()
        .Name("recoup_build_info")
        .Help("Always 1; the labels say which build this is.")
        .Register(registry_)
        .Add({{"version", std::string(version)}})
        .Set(1);
}

void PrometheusMetrics::register_series(MetricInfo const& info) {
    auto const index = static_cast<std::size_t>(info.id);
    if (series_.size() <= index) series_.resize(index + 1);
    auto& entry = series_[index];
    entry.info = &info;
    std::string const name(info.name), help(info.help);
    switch (info.kind) {
        case Kind::counter: {
            auto& family = prometheus::BuildCounter().Name(name).Help(help).Register(registry_);
            if (info.label.empty()) entry.counters[""] = &family.Add({});
            for (auto const& value : split(info.values, '|'))
                entry.counters[value] = &family.Add({{std::string(info.label), value}});
            return;
        }
        case Kind::gauge:
            entry.gauge = &prometheus::BuildGauge().Name(name).Help(help).Register(registry_).Add({});
            return;
        case Kind::histogram:
            entry.histogram =
                &prometheus::BuildHistogram().Name(name).Help(help).Register(registry_).Add({}, bounds(info.buckets));
            return;
    }
}

PrometheusMetrics::Series& PrometheusMetrics::series(Metric id, Kind kind) {
    auto const index = static_cast<std::size_t>(id);
    RECOUP_ASSERT(index < series_.size() && series_[index].info != nullptr);
    RECOUP_ASSERT(series_[index].info->kind == kind);
    return series_[index];
}

void PrometheusMetrics::add(Metric id, std::string_view label_value, double by) {
    auto& counters = series(id, Kind::counter).counters;
    auto found = counters.find(label_value);
    if (found == counters.end()) found = counters.find(std::string_view("other"));
    RECOUP_ASSERT(found != counters.end());
    found->second->Increment(by);
}

void PrometheusMetrics::set(Metric id, double value) { series(id, Kind::gauge).gauge->Set(value); }

void PrometheusMetrics::observe(Metric id, double value) { series(id, Kind::histogram).histogram->Observe(value); }

std::string PrometheusMetrics::exposition() const {
    auto families = registry_.Collect();
    auto process = collect_process_metrics();
    families.insert(families.end(), std::make_move_iterator(process.begin()), std::make_move_iterator(process.end()));
    return prometheus::TextSerializer{}.Serializer::Serialize(families);
}

}  // namespace recoup::prometheus_adapter
