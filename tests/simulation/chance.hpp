#pragma once
// Everything random in a simulation comes from its seed, through one of these.

#include "recoup/base/random.hpp"
#include "recoup/base/time.hpp"

#include <cstddef>
#include <vector>

namespace recoup::simulation {

class Chance {
public:
    explicit Chance(std::uint64_t seed) : random_(seed) {}

    bool hit(double probability) { return probability > 0 && random_.unit() < probability; }
    std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_.below(bound)); }
    std::int64_t between(std::int64_t low, std::int64_t high) {
        return low + static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(high - low + 1)));
    }
    Millis millis(Millis low, Millis high) { return Millis{between(low.count(), high.count())}; }
    template <class T>
    T const& of(std::vector<T> const& choices) {
        return choices[below(choices.size())];
    }

private:
    SeededRandom random_;
};

}  // namespace recoup::simulation
