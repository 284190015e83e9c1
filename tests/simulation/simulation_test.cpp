#include "simulation/simulation.hpp"

#include <gtest/gtest.h>

namespace recoup::simulation {
namespace {

Options options(std::uint64_t seed, int carts) {
    Options out;
    out.seed = seed;
    out.carts = carts;
    return out;
}

TEST(Simulation, ACalmWorldSendsItsMessagesAndKeepsEveryPromise) {
    auto calm = options(1, 200);
    calm.calm = true;
    auto const report = simulate(calm);
    EXPECT_EQ(report.failure(), "");
    EXPECT_GT(report.effects, 100U);
    EXPECT_EQ(report.crashes, 0U);
    EXPECT_GT(report.lived, std::chrono::hours{72});
}

TEST(Simulation, TheSameSeedLivesTheSameLife) {
    auto const once = simulate(options(3, 60)), again = simulate(options(3, 60));
    EXPECT_EQ(once.fingerprint, again.fingerprint);
    EXPECT_NE(once.fingerprint, simulate(options(4, 60)).fingerprint);
}

}  // namespace
}  // namespace recoup::simulation
