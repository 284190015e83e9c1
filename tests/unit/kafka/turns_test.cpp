#include "adapter/kafka/turns.hpp"

#include "adapter/kafka/append.hpp"

#include <deque>
#include <gtest/gtest.h>

namespace recoup::kafka {
namespace {

using Lanes = std::vector<std::size_t>;

struct TurnsTest : testing::Test {
    std::deque<Ticket> tickets;   // they stay where they are

    Ticket& add(Turns& turns, std::size_t lane) {
        auto& ticket = tickets.emplace_back();
        ticket.lane = lane;
        turns.add(ticket);
        return ticket;
    }
    static Lanes lanes_of(std::vector<Ticket*> const& turn) {
        Lanes lanes;
        for (auto const* ticket : turn) lanes.push_back(ticket->lane);
        return lanes;
    }
    static void report(Turns& turns, std::vector<Ticket*> const& turn) {
        for (auto const* ticket : turn) turns.over(*ticket);
    }
};

TEST_F(TurnsTest, TheFirstRecordGoesAtOnceAndWhatComesMeanwhileGathers) {
    Turns turns(4, 4);
    EXPECT_TRUE(turns.next().empty());
    add(turns, 2);
    auto const first = turns.next();
    EXPECT_EQ(lanes_of(first), Lanes{2});
    EXPECT_TRUE(turns.under_way());
    for (auto lane : {0, 2, 0, 1}) add(turns, static_cast<std::size_t>(lane));
    EXPECT_TRUE(turns.next().empty());
    report(turns, first);
    EXPECT_FALSE(turns.under_way());
    EXPECT_EQ(lanes_of(turns.next()), (Lanes{0, 0, 1, 2})) << "lane by lane";
}

TEST_F(TurnsTest, LanesThatHaveWaitedLongestGoFirstWithAllThatWaits) {
    Turns turns(6, 2);
    for (auto lane : {5, 3, 1, 5, 3, 1}) add(turns, static_cast<std::size_t>(lane));
    auto turn = turns.next();
    EXPECT_EQ(lanes_of(turn), (Lanes{5, 5, 3, 3}));
    add(turns, 5);
    add(turns, 0);
    report(turns, turn);
    turn = turns.next();
    EXPECT_EQ(lanes_of(turn), (Lanes{1, 1, 0}));
    report(turns, turn);
    EXPECT_EQ(lanes_of(turns.next()), Lanes{5});
}

TEST_F(TurnsTest, ATurnIsOverWithItsLastReport) {
    Turns turns(2, 2);
    add(turns, 0);
    add(turns, 1);
    auto const turn = turns.next();
    add(turns, 0);
    turns.over(*turn[0]);
    EXPECT_TRUE(turns.next().empty());
    turns.over(*turn[1]);
    EXPECT_EQ(turns.next().size(), 1u);
}

TEST_F(TurnsTest, ALaneKeepsItsOrder) {
    Turns turns(1, 1);
    auto const& a = add(turns, 0);
    auto const turn = turns.next();
    auto const& b = add(turns, 0);
    auto const& c = add(turns, 0);
    report(turns, turn);
    EXPECT_EQ(turn, (std::vector<Ticket*>{const_cast<Ticket*>(&a)}));
    EXPECT_EQ(turns.next(), (std::vector<Ticket*>{const_cast<Ticket*>(&b), const_cast<Ticket*>(&c)}));
}

TEST_F(TurnsTest, ALaneThatIsNotReportedHoldsUpOthersForOnce) {
    Turns turns(2, 1);
    add(turns, 0);
    auto const silent = turns.next();
    add(turns, 0);
    add(turns, 1);
    EXPECT_TRUE(turns.next().empty());
    auto turn = turns.next(true);
    EXPECT_EQ(lanes_of(turn), Lanes{1}) << "not the one that is silent";
    EXPECT_TRUE(turns.next(true).empty());
    for (int i = 0; i < 3; ++i) {
        add(turns, 1);
        report(turns, turn);
        turn = turns.next();
        EXPECT_EQ(lanes_of(turn), Lanes{1}) << "it waits for its own reports only";
    }
    report(turns, silent);
    EXPECT_TRUE(turns.next().empty()) << "a late report ends no turn";
    report(turns, turn);
    EXPECT_EQ(lanes_of(turns.next()), Lanes{0});
}

}  // namespace
}  // namespace recoup::kafka
