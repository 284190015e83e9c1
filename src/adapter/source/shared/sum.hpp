#pragma once
// The value of lines; stops growing instead of overflowing on absurd prices.

#include "recoup/domain/line.hpp"

#include <vector>

namespace recoup::source {

inline std::int64_t value_of(std::vector<Line> const& lines) {
    std::int64_t sum = 0;
    for (auto const& line : lines) {
        std::int64_t value = 0, next = 0;
        if (__builtin_mul_overflow(line.price_minor, line.quantity, &value) || __builtin_add_overflow(sum, value, &next)) break;
        sum = next;
    }
    return sum;
}

}  // namespace recoup::source
