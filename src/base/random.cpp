#include "recoup/base/random.hpp"

#include "recoup/base/assert.hpp"

#include <openssl/rand.h>

#include <array>
#include <cstring>

namespace recoup {

std::uint64_t Random::next() {
    std::array<std::uint8_t, 8> bytes{};
    fill(bytes);
    std::uint64_t value = 0;
    std::memcpy(&value, bytes.data(), bytes.size());
    return value;
}

std::uint64_t Random::below(std::uint64_t bound) {
    RECOUP_ASSERT(bound > 0);
    std::uint64_t const limit = UINT64_MAX - UINT64_MAX % bound;  // reject the uneven tail
    for (;;)
        if (std::uint64_t const value = next(); value < limit) return value % bound;
}

double Random::unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

void SystemRandom::fill(std::span<std::uint8_t> out) {
    RECOUP_ASSERT(RAND_bytes(out.data(), static_cast<int>(out.size())) == 1);
}

void SeededRandom::fill(std::span<std::uint8_t> out) {
    for (std::size_t i = 0; i < out.size(); i += 8) {
        std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
        z ^= z >> 31;
        std::memcpy(out.data() + i, &z, std::min<std::size_t>(8, out.size() - i));
    }
}

}  // namespace recoup
