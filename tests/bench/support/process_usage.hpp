#pragma once
// What processes cost, read from /proc.

#include <sys/types.h>

#include <vector>

namespace recoup::bench {

struct Usage {
    double cpu_seconds = 0;      // user and system, with children that ended
    double resident_mb = 0;      // VmRSS; shared pages count once for each process
};

/// Of a process and everything below it. A process that is gone counts nothing.
Usage usage_of_tree(pid_t root);

/// Time all cores of the machine were busy, and time that a hypervisor took from them.
double machine_busy_seconds();

/// User and system time of the calling thread.
double thread_cpu_seconds();

}  // namespace recoup::bench
