#pragma once
// Randomness is injected: SystemRandom (the kernel's) for secrets, SeededRandom for simulations and tests.

#include <cstdint>
#include <span>
#include <string>

namespace recoup {

/// Thread-safe.
class Random {
public:
    virtual ~Random() = default;
    virtual void fill(std::span<std::uint8_t> out) = 0;
    std::uint64_t next();
    /// Uniform in [0, bound); bound > 0.
    std::uint64_t below(std::uint64_t bound);
    /// Uniform in [0, 1).
    double unit();
};

class SystemRandom final : public Random {
public:
    void fill(std::span<std::uint8_t> out) override;
};

/// SplitMix64 over the seed: the same numbers on every machine. Not for secrets. Guard it when shared.
class SeededRandom final : public Random {
public:
    explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
    void fill(std::span<std::uint8_t> out) override;

private:
    std::uint64_t state_;
};

}  // namespace recoup
