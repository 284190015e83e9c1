#pragma once
// Joining what turns out to be one person or one cart. Commutative and associative; every event was counted on one side
// only, so sums add.

#include "recoup/domain/cart.hpp"
#include "recoup/domain/person.hpp"

namespace recoup::core {

void merge(Session& into, Session const& from);
void merge(Person& into, Person const& from);
void merge(Cart& into, Cart const& from);

/// The newer consent; a revocation or denial wins a tie.
void offer(std::map<std::string, Consent>& consents, Consent consent);
std::string consent_key(Channel channel, std::string_view address);

/// Keeps the newest limits::sessions_per_person sessions.
void bound_sessions(Person& person);

/// The earlier of two instants where never means unknown.
Instant earlier(Instant a, Instant b);

}  // namespace recoup::core
