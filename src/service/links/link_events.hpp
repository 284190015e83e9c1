#pragma once
// What a link says, as events: source "link".

#include "core/link/token.hpp"
#include "recoup/domain/event.hpp"
#include "recoup/port/link_store.hpp"

namespace recoup::service {

/// Click or restore. The id holds the millisecond: two requests of one impatient finger count once.
Event followed_event(core::LinkClaims const& claims, LinkFacts const& facts, Instant at);
/// Revokes the consent of the message's address on its channel and suppresses it.
Event unsubscribed_event(core::LinkClaims const& claims, LinkFacts const& facts, Instant at);

}  // namespace recoup::service
