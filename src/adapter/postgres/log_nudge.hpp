#pragma once
// Wakes a log's reader in the same process when its writer committed; other processes poll.

#include "recoup/base/time.hpp"

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace recoup::postgres {

/// Thread-safe. Owned by the wiring; outlives writer and reader.
class Nudge {
public:
    void notify() {
        {
            std::lock_guard lock(mutex_);
            ++count_;
        }
        changed_.notify_all();
    }
    std::uint64_t count() const {
        std::lock_guard lock(mutex_);
        return count_;
    }
    /// Returns when notify() was called since count() answered `seen`, or after `limit`.
    void wait(std::uint64_t seen, std::chrono::nanoseconds limit) {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, limit, [&] { return count_ != seen; });
    }

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::uint64_t count_ = 0;
};

}  // namespace recoup::postgres
