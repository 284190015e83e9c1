#include "bench/support/process_usage.hpp"

#include <unistd.h>

#include <array>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace recoup::bench {
namespace {

double tick_seconds() { return 1.0 / static_cast<double>(sysconf(_SC_CLK_TCK)); }

/// proc(5): fields 14 to 17 of stat are utime, stime, cutime, cstime; field 24 is the resident size in pages.
Usage own_usage(std::string const& folder) {
    std::ifstream file(folder + "/stat");
    std::string line;
    if (!std::getline(file, line)) return {};
    std::istringstream fields(line.substr(line.rfind(')') + 2));
    std::array<double, 22> values{};   // from field 3 on; the state's letter is skipped
    std::string state;
    fields >> state;
    for (auto& value : values) fields >> value;
    Usage usage;
    usage.cpu_seconds = (values[10] + values[11] + values[12] + values[13]) * tick_seconds();
    usage.resident_mb = values[20] * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
    return usage;
}

}  // namespace

Usage usage_of_tree(pid_t root) {
    auto const folder = "/proc/" + std::to_string(root);
    Usage sum = own_usage(folder);
    std::error_code gone;
    for (auto const& task : std::filesystem::directory_iterator(folder + "/task", gone)) {
        std::ifstream children(task.path() / "children");
        for (pid_t child = 0; children >> child;) {
            auto const below = usage_of_tree(child);
            sum.cpu_seconds += below.cpu_seconds;
            sum.resident_mb += below.resident_mb;
        }
    }
    return sum;
}

double machine_busy_seconds() {
    std::ifstream file("/proc/stat");
    std::string label;
    std::array<double, 8> values{};   // user, nice, system, idle, iowait, irq, softirq, steal
    file >> label;
    for (auto& value : values) file >> value;
    return (values[0] + values[1] + values[2] + values[5] + values[6] + values[7]) * tick_seconds();
}

double thread_cpu_seconds() {
    timespec spent{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
    return static_cast<double>(spent.tv_sec) + static_cast<double>(spent.tv_nsec) / 1e9;
}

}  // namespace recoup::bench
