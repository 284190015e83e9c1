#pragma once
// Subscriptions of a person: what is told of one, and what becomes of two people's when they turn out to be one.

#include "recoup/domain/person.hpp"

namespace recoup::core {

/// True when this is the newest cancellation that is known of the person, and nothing newer says that a subscription lives.
bool change_subscription(Person& person, SubscriptionChanged const& body, Event const& event);

/// A recurring payment that went through: the subscription lives, or some subscription does when it is not named.
void renew_subscription(Person& person, PaymentChanged const& body, Event const& event);

void merge_subscriptions(Person& into, Person const& from);

/// The cancelled one whose cancellation is the newest; nullptr = there is none.
Subscription const* newest_cancelled(Person const& person);

/// Some subscription began or was renewed after `since`.
bool subscribed_since(Person const& person, Instant since);

}  // namespace recoup::core
