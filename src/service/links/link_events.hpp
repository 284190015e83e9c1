#pragma once
// What a link says, as events: source "link".

#include "core/link/token.hpp"
#include "recoup/domain/event.hpp"
#include "recoup/port/link_store.hpp"

namespace recoup::service {

/// Click or restore; `machine` as core::machine_of says. The id holds the millisecond: two requests of one impatient finger
/// count once.
Event followed_event(core::LinkClaims const& claims, LinkFacts const& facts, Instant at, std::string_view machine);
/// Made without looking anything up. Several within ten minutes count once.
Event opened_event(core::LinkClaims const& claims, Instant at, std::string_view machine);
/// Revokes the consent of the message's address on its channel and suppresses it.
Event unsubscribed_event(core::LinkClaims const& claims, LinkFacts const& facts, Instant at);

}  // namespace recoup::service
