// The board is raised, and whoever waits for that hears of it.

#include "adapter/spool/raiser.hpp"

#include "unit/spool/spool_fakes.hpp"

#include <gtest/gtest.h>

#include <future>

namespace recoup::spool {
namespace {

TEST(Raiser, WhoRaisesAgainBeforeItWasLoweredHearsAtOnceThatItIsUp) {
    FakeBoard board;
    SystemClock const clock;
    Raiser raiser(&board, "one", clock, std::chrono::minutes{1});
    auto const rounds = std::async(std::launch::async, [&] {
        for (int i = 0; i < 3000; ++i) {
            raiser.raise();
            raiser.settle();
            EXPECT_EQ(board.raised()->size(), 1U);
            raiser.lower();   // in some rounds nobody has looked before the next raise
        }
    });
    EXPECT_EQ(rounds.wait_for(std::chrono::seconds{30}), std::future_status::ready);
    raiser.stop();
    EXPECT_TRUE(board.raised()->empty());
}

}  // namespace
}  // namespace recoup::spool
