#pragma once
// RateTable: token buckets for very many keys in memory that never grows. Keys are hashes, so nothing in it names anyone.

#include "core/rate/token_bucket.hpp"

#include <array>
#include <cstddef>
#include <vector>

namespace recoup::core {

/// One thread at a time. A key lives in one of eight places; when all are taken, the bucket that is fullest makes room,
/// which forgets nothing as long as it was full again.
class RateTable {
public:
    /// Memory: 16 bytes a bucket. `buckets` is rounded up to a power of two, at least eight.
    explicit RateTable(std::size_t buckets);

    std::chrono::nanoseconds wait(std::uint64_t key, Rate const& rate, std::chrono::nanoseconds now) const;
    void take(std::uint64_t key, Rate const& rate, double tokens, std::chrono::nanoseconds now);

private:
    static constexpr std::size_t ways = 8;
    struct Place {
        std::uint64_t key = 0;
        TokenBucket bucket;
    };
    using Set = std::array<Place, ways>;

    Set const& set_of(std::uint64_t key) const { return sets_[key & (sets_.size() - 1)]; }

    std::vector<Set> sets_;
};

}  // namespace recoup::core
