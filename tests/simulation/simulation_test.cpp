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

TEST(Simulation, EveryPromiseIsKeptThroughFaults) {
    std::uint64_t crashes = 0, effects = 0, conflicts = 0, repeated = 0, browsed = 0, read = 0;
    for (std::uint64_t seed = 1; seed <= 32; ++seed) {
        auto const report = simulate(options(seed, 100));
        ASSERT_EQ(report.failure(), "");
        crashes += report.crashes;
        effects += report.effects;
        conflicts += report.conflicts;
        repeated += report.calls - report.effects;
        browsed += report.browse_effects;
        read += report.readings;
    }
    // Else nothing was tried.
    EXPECT_GT(crashes, 100U);
    EXPECT_GT(effects, 2000U);
    EXPECT_GT(conflicts, 100U);
    EXPECT_GT(repeated, 200U);
    EXPECT_GT(browsed, 50U);
    EXPECT_GT(read, 300U);
}

struct Found {
    Breakage breakage;
    std::uint64_t seed;
    char const* invariant;
};

class Breakages : public testing::TestWithParam<Found> {};

TEST_P(Breakages, AreFoundByTheirSeedAndNotBlamedOnSoundCode) {
    auto broken = options(GetParam().seed, 100);
    EXPECT_EQ(simulate(broken).failure(), "");
    broken.breakage = GetParam().breakage;
    auto const report = simulate(broken);
    ASSERT_TRUE(report.violation);
    EXPECT_EQ(report.violation->invariant, GetParam().invariant);
    auto const name_of = " --break " + std::string(name(broken.breakage));
    EXPECT_NE(report.failure().find("replay with: scripts/simulate --seeds " + std::to_string(GetParam().seed)), std::string::npos);
    EXPECT_NE(report.failure().find(name_of), std::string::npos);
    EXPECT_EQ(simulate(broken).fingerprint, report.fingerprint);   // the command replays it exactly
}

INSTANTIATE_TEST_SUITE_P(
    Simulation, Breakages,
    testing::Values(Found{Breakage::order_check_outside, 3, "none after an order"},
                    Found{Breakage::no_fencing, 5, "a completion counts for its own claim"},
                    Found{Breakage::cap_off_by_one, 2, "the cap holds"},
                    Found{Breakage::retry_on_unknown, 7, "at most one message a step"},
                    Found{Breakage::unseen_opening, 1, "what was read is answered for"},
                    Found{Breakage::wrong_zone, 1, "quiet hours hold"},
                    Found{Breakage::ignored_pause, 2, "nothing is claimed that is paused"},
                    Found{Breakage::rate_of_another, 7, "an account keeps its rate"},
                    Found{Breakage::law_of_the_shop, 2, "none without a double opt-in where the law wants it"}),
    [](auto const& tested) {
        auto text = std::string(name(tested.param.breakage));
        for (auto& c : text)
            if (c == '-') c = '_';
        return text;
    });

}  // namespace
}  // namespace recoup::simulation
