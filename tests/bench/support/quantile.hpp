#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace recoup::bench {

/// 0 when there are no values; reorders them.
template <class Value>
Value quantile(std::vector<Value>& values, double q) {
    if (values.empty()) return {};
    auto const index = std::min(values.size() - 1, static_cast<std::size_t>(q * static_cast<double>(values.size())));
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(index), values.end());
    return values[index];
}

}  // namespace recoup::bench
