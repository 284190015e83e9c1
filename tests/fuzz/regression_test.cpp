// Every fuzz target over its samples and a few thousand mutations of them, the same ones each time.
#include "fuzz/support/mutate.hpp"
#include "fuzz/support/target.hpp"

#include "recoup/base/digest.hpp"

#include <gtest/gtest.h>

namespace recoup::fuzz {
namespace {

constexpr int mutations = 3000;

/// Runs on until the first finding and says how to see it again.
bool holds(Target const& target, std::string const& input) {
    std::string broken;
    try {
        target.run(input);
    } catch (std::exception const& thrown) {
        broken = thrown.what();
    }
    EXPECT_EQ(broken, "") << target.name << " over the bytes " << to_hex(as_bytes(input));
    return broken.empty();
}

class FuzzRegression : public testing::TestWithParam<std::size_t> {};

TEST_P(FuzzRegression, SamplesAndTheirMutationsKeepEveryPromise) {
    auto const& target = targets()[GetParam()];
    auto const samples = target.seeds();
    ASSERT_FALSE(samples.empty());
    for (auto const& sample : samples) ASSERT_TRUE(holds(target, sample));
    ASSERT_TRUE(holds(target, ""));
    SeededRandom random(stable_hash(target.name));
    for (int round = 0; round < mutations; ++round) {
        auto const& sample = samples[random.below(samples.size())];
        ASSERT_TRUE(holds(target, mutated(sample, samples, target.words, random))) << "round " << round;
    }
}

INSTANTIATE_TEST_SUITE_P(All, FuzzRegression, testing::Range<std::size_t>(0, targets().size()),
                         [](auto const& about) { return targets().at(about.param).name; });

}  // namespace
}  // namespace recoup::fuzz
