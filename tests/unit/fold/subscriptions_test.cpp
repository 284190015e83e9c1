#include "core/fold/subscriptions.hpp"

#include <gtest/gtest.h>

namespace recoup::core::subscriptions_test {
namespace {

Event at(int minutes) {
    Event event;
    event.id = std::to_string(minutes);
    event.occurred_at = parse_rfc3339("2026-03-02T15:00:00Z").value() + std::chrono::minutes{minutes};
    return event;
}

bool cancel(Person& person, int minutes, std::string id = "s") {
    return change_subscription(person, SubscriptionChanged{std::move(id), false, {}, {}}, at(minutes));
}
void start(Person& person, int minutes, std::string id = "s") {
    change_subscription(person, SubscriptionChanged{std::move(id), true, {}, {}}, at(minutes));
}

TEST(Subscriptions, OnlyTheNewestCancellationIsNews) {
    Person person;
    EXPECT_TRUE(cancel(person, 10));
    EXPECT_FALSE(cancel(person, 10)) << "told twice";
    EXPECT_FALSE(cancel(person, 5)) << "older than what is known";
    EXPECT_TRUE(cancel(person, 20, "t"));
    start(person, 40, "u");
    EXPECT_FALSE(cancel(person, 30)) << "has another since";
    EXPECT_TRUE(cancel(person, 50, "u"));
    EXPECT_EQ(newest_cancelled(person)->cancelled_at, at(50).occurred_at);
}

TEST(Subscriptions, ARenewalTakesItsCancellationBack) {
    Person person;
    cancel(person, 10);
    PaymentChanged paid;
    paid.subscription_id = "s";
    renew_subscription(person, paid, at(20));
    EXPECT_EQ(newest_cancelled(person), nullptr);
    EXPECT_TRUE(subscribed_since(person, at(10).occurred_at));
    EXPECT_FALSE(subscribed_since(person, at(20).occurred_at));
}

}  // namespace
}  // namespace recoup::core::subscriptions_test
