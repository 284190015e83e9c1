// The memory stores are the model of the Postgres ones: the simulation is worth what this suite is worth.
#include "contract/store_contract.hpp"

#include "contract/store_diary.hpp"
#include "contract/store_script.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace recoup::test {
namespace {

simulation::Options scripted(std::uint64_t seed) {
    simulation::Options options;
    options.seed = seed;
    options.carts = 30;
    options = simulation::drawn(options);
    options.policy.shop_cap = seed == 2 ? Cap{12, std::chrono::hours{6}} : Cap{};
    options.faults.late = 0.1;             // events out of order, merges and erasures that come too late
    return options;
}

class SameDiary : public testing::TestWithParam<std::uint64_t> {};

TEST_P(SameDiary, MemoryDecidesWhatPostgresDecides) {
    auto const options = scripted(GetParam());
    auto const script = GetParam() % 2 == 0 ? wide_script(options) : simulation::write_script(options);
    auto memory = memory_stores(), postgres = postgres_stores();
    auto const model = live_through(*memory, script, options), real = live_through(*postgres, script, options);
    EXPECT_GT(real.size(), 100U);
    for (std::size_t i = 0; i < std::min(model.size(), real.size()); ++i) ASSERT_EQ(model[i], real[i]) << "entry " << i;
    EXPECT_EQ(model.size(), real.size());
}

INSTANTIATE_TEST_SUITE_P(Seeds, SameDiary, testing::Values(1, 2, 3, 4));

using MakeStores = std::unique_ptr<StoreWorld> (*)();

class Stores : public testing::TestWithParam<std::pair<char const*, MakeStores>> {
protected:
    Stores() : world(GetParam().second()) { EXPECT_TRUE(world->add_shop(shop())); }

    static Shop shop() {
        Shop shop;
        shop.id = "s";
        return shop;
    }
    /// One batch with nothing in it but a fold of ours.
    Result<void> apply(LogPositions const& from, LogPositions const& to, std::function<TrackWrite(TrackState const&)> fold) {
        World state;
        state.shop_id = "s";
        Changes const changes;
        std::vector<ShopWork> work(1);
        work[0].want.shop_id = "s";
        work[0].want.event_ids = {"e1"};
        work[0].world = &state;
        work[0].changes = &changes;
        work[0].fold = std::move(fold);
        return world->track().apply(work, "log", from, to, now);
    }

    std::unique_ptr<StoreWorld> world;
    Instant const now = parse_rfc3339("2026-03-02T12:00:00Z").value();
};

INSTANTIATE_TEST_SUITE_P(Both, Stores,
                         testing::Values(std::pair{"memory", &memory_stores}, std::pair{"postgres", &postgres_stores}),
                         [](auto const& tested) { return std::string(tested.param.first); });

TEST_P(Stores, KeepAPositionAndRefuseATrackerThatIsBehind) {
    EXPECT_EQ(world->track().position("log", 0).value(), -1);
    ASSERT_TRUE(apply({{0, 0}}, {{0, 5}}, [](TrackState const&) { return TrackWrite{}; }));
    EXPECT_EQ(world->track().position("log", 0).value(), 5);
    auto const late = apply({{0, 3}}, {{0, 9}}, [](TrackState const&) { return TrackWrite{}; });
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, Errc::conflict);
    EXPECT_EQ(world->track().positions("log").value(), (LogPositions{{0, 5}}));
}

TEST_P(Stores, TakeEverythingBackWhenAnEventWasFoldedAlready) {
    Event event;
    event.id = "e1";
    auto const fold = [&](TrackState const& state) {
        EXPECT_FALSE(state.shop.id.empty());
        TrackWrite write;
        write.inbox.push_back({&event, "", ""});
        return write;
    };
    ASSERT_TRUE(apply({{0, 0}}, {{0, 1}}, fold));
    auto const again = apply({{0, 1}}, {{0, 2}}, fold);   // does not look at what was seen
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, Errc::conflict);
    EXPECT_EQ(world->track().position("log", 0).value(), 1);
    std::set<std::string> seen;
    ASSERT_TRUE(apply({{0, 1}}, {{0, 2}}, [&](TrackState const& state) {
        seen = state.seen_event_ids;
        return TrackWrite{};
    }));
    EXPECT_EQ(seen, std::set<std::string>{"e1"});
}

}  // namespace
}  // namespace recoup::test
