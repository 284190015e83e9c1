#include "core/fold/subscriptions.hpp"

#include "recoup/base/limits.hpp"

#include <algorithm>

namespace recoup::core {
namespace {

Instant told_at(Subscription const& subscription) { return std::max(subscription.active_at, subscription.cancelled_at); }

/// Keeps those that were heard of last.
void bound(Person& person) {
    while (person.subscriptions.size() > limits::subscriptions_per_person)
        person.subscriptions.erase(std::min_element(
            person.subscriptions.begin(), person.subscriptions.end(), [](auto const& a, auto const& b) {
                return std::pair(told_at(a.second), a.first) < std::pair(told_at(b.second), b.first);
            }));
}

void offer_said(Versioned<std::string>& field, std::string const& value, Version const& version) {
    if (!value.empty()) field.offer(value, version);
}

}  // namespace

bool change_subscription(Person& person, SubscriptionChanged const& body, Event const& event) {
    auto& subscription = person.subscriptions[body.subscription_id];
    auto& told = body.active ? subscription.active_at : subscription.cancelled_at;
    bool const news = event.occurred_at > told;
    told = std::max(told, event.occurred_at);
    offer_said(subscription.title, body.title, event.version());
    offer_said(subscription.recovery_url, body.recovery_url, event.version());
    bound(person);
    auto const* newest = newest_cancelled(person);
    return news && !body.active && newest != nullptr && newest->cancelled_at == event.occurred_at &&
           !subscribed_since(person, event.occurred_at);
}

void renew_subscription(Person& person, PaymentChanged const& body, Event const& event) {
    auto& subscription = person.subscriptions[body.subscription_id];
    subscription.active_at = std::max(subscription.active_at, event.occurred_at);
    bound(person);
}

void merge_subscriptions(Person& into, Person const& from) {
    for (auto const& [id, other] : from.subscriptions) {
        auto& own = into.subscriptions[id];
        own.active_at = std::max(own.active_at, other.active_at);
        own.cancelled_at = std::max(own.cancelled_at, other.cancelled_at);
        own.title.merge(other.title);
        own.recovery_url.merge(other.recovery_url);
    }
    bound(into);
}

Subscription const* newest_cancelled(Person const& person) {
    Subscription const* newest = nullptr;
    for (auto const& [id, subscription] : person.subscriptions)
        if (subscription.cancelled() && (newest == nullptr || subscription.cancelled_at > newest->cancelled_at))
            newest = &subscription;
    return newest;
}

bool subscribed_since(Person const& person, Instant since) {
    return std::any_of(person.subscriptions.begin(), person.subscriptions.end(),
                       [&](auto const& entry) { return entry.second.active_at > since; });
}

}  // namespace recoup::core
