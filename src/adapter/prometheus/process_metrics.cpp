#include "adapter/prometheus/process_metrics.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>

namespace recoup::prometheus_adapter {
namespace {

struct ProcStat {
    double cpu_ticks = 0, threads = 0, start_ticks = 0, resident_pages = 0;
};

// Fields 14, 15 (utime, stime), 20 (num_threads), 22 (starttime), 24 (rss); the name in field 2 may hold spaces and
// parentheses, so counting starts behind its last ')'.
std::optional<ProcStat> read_stat() {
    std::ifstream file("/proc/self/stat");
    std::string const text{std::istreambuf_iterator<char>(file), {}};
    auto const name_end = text.rfind(')');
    if (name_end == std::string::npos) return std::nullopt;
    std::istringstream rest(text.substr(name_end + 1));
    std::string word;
    ProcStat stat;
    for (int field = 3; field <= 24 && rest >> word; ++field) {
        double const value = field == 3 ? 0 : std::strtod(word.c_str(), nullptr);
        if (field == 14 || field == 15) stat.cpu_ticks += value;
        if (field == 20) stat.threads = value;
        if (field == 22) stat.start_ticks = value;
        if (field == 24) stat.resident_pages = value;
    }
    return stat;
}

std::optional<double> boot_time() {
    std::ifstream file("/proc/stat");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with("btime ")) return std::strtod(line.c_str() + 6, nullptr);
    return std::nullopt;
}

std::optional<double> open_descriptors() {
    std::error_code failure;
    std::filesystem::directory_iterator const entries("/proc/self/fd", failure);
    if (failure) return std::nullopt;
    return static_cast<double>(std::distance(begin(entries), end(entries))) - 1;   // one is this listing's own
}

std::optional<double> max_descriptors() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return std::nullopt;
    return static_cast<double>(limit.rlim_cur);
}

class Families {
public:
    void counter(char const* name, char const* help, double value) {
        prometheus::ClientMetric metric;
        metric.counter.value = value;
        add(name, help, prometheus::MetricType::Counter, metric);
    }
    void gauge(char const* name, char const* help, std::optional<double> value) {
        if (!value) return;
        prometheus::ClientMetric metric;
        metric.gauge.value = *value;
        add(name, help, prometheus::MetricType::Gauge, metric);
    }
    std::vector<prometheus::MetricFamily> take() { return std::move(families_); }

private:
    void add(char const* name, char const* help, prometheus::MetricType type, prometheus::ClientMetric metric) {
        prometheus::MetricFamily family;
        family.name = name;
        family.help = help;
        family.type = type;
        family.metric.push_back(std::move(metric));
        families_.push_back(std::move(family));
    }

    std::vector<prometheus::MetricFamily> families_;
};

}  // namespace

std::vector<prometheus::MetricFamily> collect_process_metrics() {
    Families families;
    double const ticks_per_second = static_cast<double>(sysconf(_SC_CLK_TCK));
    double const page_bytes = static_cast<double>(sysconf(_SC_PAGESIZE));
    if (auto const stat = read_stat()) {
        families.counter("process_cpu_seconds_total", "User and system CPU time spent, in seconds.",
                         stat->cpu_ticks / ticks_per_second);
        families.gauge("process_resident_memory_bytes", "Resident memory, in bytes.",
                       stat->resident_pages * page_bytes);
        families.gauge("process_threads", "Threads of the process.", stat->threads);
        if (auto const boot = boot_time())
            families.gauge("process_start_time_seconds", "When the process started, Unix time.",
                           *boot + stat->start_ticks / ticks_per_second);
    }
    families.gauge("process_open_fds", "Open file descriptors.", open_descriptors());
    families.gauge("process_max_fds", "Most file descriptors the process may open.", max_descriptors());
    return families.take();
}

}  // namespace recoup::prometheus_adapter
