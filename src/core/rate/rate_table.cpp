#include "core/rate/rate_table.hpp"

#include <algorithm>
#include <bit>

namespace recoup::core {

RateTable::RateTable(std::size_t buckets) : sets_(std::bit_ceil(std::max(buckets, ways)) / ways) {}

std::chrono::nanoseconds RateTable::wait(std::uint64_t key, Rate const& rate, std::chrono::nanoseconds now) const {
    auto const& set = set_of(key);
    auto const found = std::find_if(set.begin(), set.end(), [key](Place const& place) { return place.key == key; });
    return found == set.end() ? std::chrono::nanoseconds{0} : found->bucket.wait(rate, now);
}

void RateTable::take(std::uint64_t key, Rate const& rate, double tokens, std::chrono::nanoseconds now) {
    auto& set = sets_[key & (sets_.size() - 1)];
    auto place = std::find_if(set.begin(), set.end(), [key](Place const& held) { return held.key == key; });
    if (place == set.end()) {
        place = std::min_element(set.begin(), set.end(), [](Place const& a, Place const& b) {
            return a.bucket.full_at() < b.bucket.full_at();
        });
        *place = Place{key, {}};
    }
    place->bucket.take(rate, tokens, now);
}

}  // namespace recoup::core
