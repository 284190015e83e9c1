#pragma once
// Stops: events that forbid a message which may be about to leave (an order, a paid payment, an emptied cart, a withdrawn
// consent, an erasure). The log notes the hashes of their keys in the transaction that makes them durable, and a claim
// looks there: what is durable but not folded yet is waited for, never overtaken.

#include "recoup/domain/cart.hpp"
#include "recoup/domain/event.hpp"
#include "recoup/domain/person.hpp"
#include "recoup/port/event_log.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace recoup::core {

/// Sorted, without repetition; empty for an event that stops nothing.
std::vector<std::int64_t> stops_of(Event const& event);

/// Under which hashes a stop of this person or cart would be noted. `cart` may be null.
std::vector<std::int64_t> stoppable_by(std::string_view shop_id, Person const& person, Cart const* cart);

/// The event as it goes onto the log.
LogRecord log_record(Event const& event);

}  // namespace recoup::core
