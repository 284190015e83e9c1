#pragma once
// Events to and from their bytes on the log (proto/recoup/event/v1/event.proto).

#include "recoup/domain/event.hpp"

namespace recoup::core {

/// Bytes that are not UTF-8 become U+FFFD, except in DeadLettered::raw, which is kept as it is.
std::string encode_event(Event const& event);

/// Errc::invalid for bytes that are not an event, or one with a body or value of a newer version. Never trusts sizes.
Result<Event> decode_event(std::string_view bytes);

}  // namespace recoup::core
