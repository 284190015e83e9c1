#include "service/admin/metrics_document.hpp"

#include "recoup/port/metrics.hpp"

#include <algorithm>

namespace recoup::service {
namespace {

constexpr std::string_view introduction =
    "# Metrics\n\n"
    "Served as text (version 0.0.4) on `GET /metrics` of the admin listener, without a token. Every label value is\n"
    "present from the start with 0. No label holds a shop, a person or an address.\n\n"
    "| metric | type | labels | meaning |\n|---|---|---|---|\n";

constexpr std::string_view always_there =
    "| `recoup_build_info` | gauge | `version` | Always 1; the labels say which build this is. |\n"
    "| `process_cpu_seconds_total` | counter | | User and system CPU time spent, in seconds. |\n"
    "| `process_resident_memory_bytes` | gauge | | Resident memory, in bytes. |\n"
    "| `process_open_fds` | gauge | | Open file descriptors. |\n"
    "| `process_max_fds` | gauge | | Most file descriptors the process may open. |\n"
    "| `process_start_time_seconds` | gauge | | When the process started, Unix time. |\n"
    "| `process_threads` | gauge | | Threads of the process. |\n";

std::string_view kind_name(MetricInfo::Kind kind) {
    switch (kind) {
        case MetricInfo::Kind::counter: return "counter";
        case MetricInfo::Kind::gauge: return "gauge";
        case MetricInfo::Kind::histogram: return "histogram";
    }
    return "";
}

// "a|b" -> "`a` `b`": a bar would end the cell.
std::string label_cell(MetricInfo const& info) {
    if (info.label.empty()) return {};
    std::string cell = "`" + std::string(info.label) + "`: `";
    for (char const c : info.values)
        if (c == '|') cell += "` `";
        else cell += c;
    return cell + "`";
}

std::string bucket_note(MetricInfo const& info) {
    if (info.buckets.empty()) return {};
    std::string bounds(info.buckets);
    std::replace(bounds.begin(), bounds.end(), ',', ' ');
    return " Buckets: " + bounds + ".";
}

}  // namespace

std::string metrics_markdown() {
    std::string page(introduction);
    for (auto const& info : metric_table()) {
        page += "| `" + std::string(info.name) + "` | " + std::string(kind_name(info.kind)) + " | " +
                label_cell(info) + " | " + std::string(info.help) + bucket_note(info) + " |\n";
    }
    page += always_there;
    return page;
}

}  // namespace recoup::service
