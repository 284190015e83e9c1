#pragma once
// Making dead letters: what of a request is kept beside its body, who is named in the bytes, what people may see of
// them.

#include "recoup/domain/event.hpp"
#include "recoup/domain/letter.hpp"
#include "recoup/port/event_log.hpp"

#include <string>
#include <string_view>

namespace recoup::core {

/// The id of the DeadLettered event in place of an event called `event_id`: another one, so that the event itself is
/// not a duplicate when it comes again, by a replay or from its sender.
std::string letter_event_id(std::string_view event_id);
/// The id that the event would have had.
std::string replayed_event_id(std::string_view letter_event_id);

/// Of the request's headers those that parsing may look at; never credentials, signatures, cookies or addresses.
std::vector<std::pair<std::string, std::string>> kept_headers(
    std::vector<std::pair<std::string, std::string>> const& headers);

/// Of an event with a DeadLettered body.
Letter letter_of(Event const& event);

/// Where a record was read; names the log in Letter::event_id.
struct LogPlace {
    std::string_view log;
    ReadRecord const& record;
};
/// Of a record that cannot be decoded.
Letter unreadable_letter(LogPlace const& place, std::string_view why, Instant now);
/// Of a record whose event cannot be folded.
Letter poison_letter(LogPlace const& place, Event const& event, int tries, Instant now);

/// Hashes (key_hash) of every address, phone and customer number that seems to stand in the bytes, at most
/// limits::letter_names, and of `keys`. A number that is nobody's does no harm.
std::vector<std::string> names_in(std::string_view shop_id, std::string_view bytes,
                                  std::vector<IdentityKey> const& keys);

/// The bytes without what they say: of JSON its keys with the types and sizes of the values; else their number.
std::string shape_of(std::string_view raw);

}  // namespace recoup::core
