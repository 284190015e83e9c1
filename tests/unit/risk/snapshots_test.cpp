#include "core/risk/snapshots.hpp"

#include <gtest/gtest.h>

namespace recoup::core {
namespace {

using namespace std::chrono_literals;

Instant const start = parse_rfc3339("2026-11-20T12:00:00Z").value();

Event event(int number, Instant at, EventBody body) {
    Event result;
    result.shop_id = "s";
    result.id = "events:" + std::to_string(number);
    result.source = "events";
    result.occurred_at = result.received_at = at;
    result.keys = {{KeyKind::anonymous_id, "a1"}, {KeyKind::cart_token, "t1"}};
    result.body = std::move(body);
    return result;
}

CartChanged pieces(int count) {
    CartChanged body;
    body.has_content = true;
    body.lines.resize(static_cast<std::size_t>(count));
    return body;
}

OrderPlaced order(std::string id, Instant at) {
    OrderPlaced body;
    body.order_id = std::move(id);
    body.placed_at = at;
    return body;
}

/// Something unrelated far later, so that label windows close.
Event much_later() {
    auto result = event(99, start + 240h, BehaviourSeen{});
    result.keys = {{KeyKind::anonymous_id, "somebody-else"}};
    return result;
}

float value_of(Snapshot const& snapshot, std::string_view name) {
    return snapshot.values[static_cast<std::size_t>(find_feature(name) - feature_list().data())];
}

TEST(Snapshots, LookAtChangesAndIdleMomentsWithWhatWasKnownThen) {
    SnapshotTaker taker;
    taker.see(event(1, start, pieces(1)));
    taker.see(event(2, start + 7min, pieces(3)));
    taker.see(event(3, start + 19min, order("o1", start + 19min)));
    taker.see(much_later());
    auto const snapshots = taker.finish();
    ASSERT_EQ(snapshots.size(), 4u);   // two changes, idle at 5 and at 7 + 5; ordered before 7 + 15
    Instant const times[] = {start, start + 5min, start + 7min, start + 12min};
    float const lines[] = {1, 1, 3, 3};
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_EQ(snapshots[i].at, times[i]);
        EXPECT_EQ(value_of(snapshots[i], "cart_lines"), lines[i]);
        EXPECT_EQ(snapshots[i].label, 0.0f);
        EXPECT_EQ(snapshots[i].first_idle, i == 1);
        EXPECT_EQ(value_of(snapshots[i], "prior_orders"), 0.0f);
    }
}

TEST(Snapshots, AnOrderAfterTheWindowOrNoneIsAbandonment) {
    SnapshotTaker taker;
    taker.see(event(1, start, pieces(1)));
    taker.see(event(2, start + 24h + 10min, order("o1", start + 24h + 10min)));
    taker.see(much_later());
    auto const snapshots = taker.finish();
    ASSERT_EQ(snapshots.size(), 4u);
    EXPECT_EQ(snapshots[0].label, 1.0f);   // at 0: ordered 24:10 later
    EXPECT_EQ(snapshots[1].label, 1.0f);   // at 5 minutes
    EXPECT_EQ(snapshots[2].label, 0.0f);   // at 15 minutes: within a day
    EXPECT_EQ(snapshots[3].label, 0.0f);
}

TEST(Snapshots, AnotherOrderOfThePersonCountsAndEndsTheRisk) {
    SnapshotTaker taker;
    taker.see(event(1, start, pieces(1)));
    auto elsewhere = event(2, start + 10min, order("o1", start + 10min));
    elsewhere.keys = {{KeyKind::anonymous_id, "a1"}};
    taker.see(elsewhere);
    taker.see(event(3, start + 20min, pieces(2)));
    taker.see(much_later());
    auto const snapshots = taker.finish();
    ASSERT_EQ(snapshots.size(), 2u);
    EXPECT_EQ(snapshots[1].label, 0.0f);
}

TEST(Snapshots, NothingIsLearnedFromTestsCrawlersAndOtherSalesChannels) {
    auto const learned = [](auto change) {
        Policy policy;
        AddressList list;
        EXPECT_TRUE(list.add("crawler", "*@storebotmail.joonix.net"));
        policy.not_customers = std::make_shared<AddressList const>(list);
        SnapshotTaker taker(policy);
        auto first = event(1, start, pieces(1));
        auto bought = event(2, start + 30h, order("o1", start + 30h));
        change(first, bought);
        taker.see(first);
        taker.see(bought);
        taker.see(much_later());
        return taker.finish().size();
    };
    EXPECT_EQ(learned([](Event&, Event&) {}), 4u);
    EXPECT_EQ(learned([](Event& cart, Event&) { cart.keys.push_back({KeyKind::email, "x@storebotmail.joonix.net"}); }), 0u);
    EXPECT_EQ(learned([](Event& cart, Event&) { std::get<CartChanged>(cart.body).source_name = "pos"; }), 0u);
    EXPECT_EQ(learned([](Event&, Event& bought) { std::get<OrderPlaced>(bought.body).test = true; }), 0u);
}

TEST(Snapshots, ARenewalIsNoFruitOfTheVisit) {
    SnapshotTaker taker;
    taker.see(event(1, start, pieces(1)));
    auto renewal = event(2, start + 20min, order("o1", start + 20min));
    renewal.keys = {{KeyKind::anonymous_id, "a1"}};
    std::get<OrderPlaced>(renewal.body).renewal = true;
    taker.see(renewal);
    taker.see(much_later());
    auto const snapshots = taker.finish();
    ASSERT_EQ(snapshots.size(), 4u);
    for (auto const& snapshot : snapshots) EXPECT_EQ(snapshot.label, 1.0f);
}

TEST(Snapshots, EmptiedCartsAreNotAtRiskAndOpenWindowsHaveNoLabel) {
    SnapshotTaker taker;
    taker.see(event(1, start, pieces(1)));
    taker.see(event(2, start + 1min, pieces(0)));
    taker.see(much_later());
    auto fresh = event(3, start + 240h, pieces(1));
    taker.see(fresh);
    EXPECT_EQ(taker.events_seen(), 4u);
    EXPECT_EQ(taker.finish().size(), 1u);
}

}  // namespace
}  // namespace recoup::core
