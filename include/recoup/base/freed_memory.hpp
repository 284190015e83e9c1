#pragma once
// What a whole program says to the allocator.

#include <malloc.h>

namespace recoup {

/// Batches take and give back megabytes. By default glibc hands each to the kernel and faults it in again for the next one,
/// which was a seventh of what folding costs. Called once, before anything large is allocated.
inline void keep_freed_memory() {
    mallopt(M_TRIM_THRESHOLD, 16 << 20);
    mallopt(M_MMAP_THRESHOLD, 4 << 20);
}

}  // namespace recoup
