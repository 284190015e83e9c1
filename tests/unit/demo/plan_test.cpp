#include "app/demo/plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace recoup::demo {
namespace {

Instant const plan_start = parse_rfc3339("2026-03-02T15:00:00Z").value();

Plan plan_of(std::uint64_t seed, int carts) {
    PlanOptions options;
    options.seed = seed;
    options.carts = carts;
    return plan_demo(options, plan_start);
}

std::string fingerprint(Plan const& plan) {
    std::string out;
    for (auto const& action : plan.actions)
        out += action.id + "|" + action.topic + "|" + action.body + "|" + to_rfc3339(action.deliver_at) + "\n";
    return out;
}

TEST(DemoPlan, IsTheSameForTheSameSeedAndAnotherForAnother) {
    EXPECT_EQ(fingerprint(plan_of(7, 60)), fingerprint(plan_of(7, 60)));
    EXPECT_NE(fingerprint(plan_of(7, 60)), fingerprint(plan_of(8, 60)));
}

TEST(DemoPlan, DeliversEverythingWithinItsTimeAndNothingBeforeItHappened) {
    auto const plan = plan_of(1, 300);
    for (auto const& action : plan.actions) {
        EXPECT_LE(plan.done_at(action), plan.end) << action.id;
        EXPECT_GE(plan.done_at(action), action.occurred_at) << action.id << " " << action.topic;
        EXPECT_EQ((plan.done_at(action) - plan.start) % plan.bucket, Millis{0});
    }
    EXPECT_TRUE(std::is_sorted(plan.actions.begin(), plan.actions.end(), [&](Action const& a, Action const& b) {
        return plan.done_at(a) < plan.done_at(b);
    }));
}

TEST(DemoPlan, RepeatsDeliveriesUnchanged) {
    auto const plan = plan_of(1, 300);
    std::map<std::string, Action const*> first;
    int repeated = 0;
    for (auto const& action : plan.actions) {
        auto const [entry, fresh] = first.emplace(action.id, &action);
        if (fresh) continue;
        ++repeated;
        EXPECT_EQ(entry->second->body, action.body);
        EXPECT_EQ(entry->second->topic, action.topic);
    }
    EXPECT_GT(repeated, 100);
}

TEST(DemoPlan, HoldsTheDirtOfRealLife) {
    auto const plan = plan_of(1, 300);
    std::set<Persona> personas;
    for (auto const& shopper : plan.shoppers) personas.insert(shopper.persona);
    EXPECT_EQ(personas.size(), 9U);

    std::map<int, Instant> ordered;
    for (auto const& action : plan.actions)
        if (action.fact == Fact::ordered && !ordered.contains(action.shopper)) ordered[action.shopper] = action.deliver_at;
    int orders_first = 0, carts_after = 0;
    for (auto const& action : plan.actions) {
        auto const order = ordered.find(action.shopper);
        if (order == ordered.end() || action.deliver_at <= order->second || action.occurred_at > order->second) continue;
        orders_first += action.topic.starts_with("checkout") ? 1 : 0;
        carts_after += action.topic.starts_with("cart") ? 1 : 0;
    }
    EXPECT_GT(orders_first, 10);
    EXPECT_GT(carts_after, 3);
    std::set<std::string> topics;
    for (auto const& action : plan.actions) topics.insert(action.topic);
    for (auto const* topic : {"carts/create", "carts/update", "checkouts/create", "checkouts/update", "orders/create",
                              "orders/paid", "orders/cancelled", "order_transactions/create", "refunds/create",
                              "products/update", "inventory_levels/update", "customers_email_marketing_consent/update",
                              "customers_marketing_consent/update", "cart.updated", "checkout.started", "checkout.updated",
                              "payment.failed", "payment.recovered", "order.completed", "behaviour"})
        EXPECT_TRUE(topics.contains(topic)) << topic;
}

TEST(DemoPlan, GivesEveryShopperTheirOwnTokensAndAddresses) {
    std::set<std::string> seen;
    for (auto const seed : {1, 2})
        for (auto const& shopper : plan_of(static_cast<std::uint64_t>(seed), 300).shoppers)
            for (auto const& value : {shopper.cart_token, shopper.checkout_token, shopper.email, shopper.phone})
                EXPECT_TRUE(value.empty() || seen.insert(value).second) << value;
}

TEST(DemoPlan, KeepsAShopperWhateverTheNumberOfOthers) {
    auto const few = plan_of(3, 10), many = plan_of(3, 40);
    for (std::size_t i = 0; i < few.shoppers.size(); ++i) {
        EXPECT_EQ(few.shoppers[i].email, many.shoppers[i].email);
        EXPECT_EQ(few.shoppers[i].persona, many.shoppers[i].persona);
    }
}

}  // namespace
}  // namespace recoup::demo
