#pragma once
// One message of Segment's tracking API (segment.com/docs/connections/spec): who it is about, when, and what its call
// says.

#include "adapter/source/shared/json.hpp"
#include "recoup/domain/event.hpp"
#include "recoup/domain/shop.hpp"

#include <string>
#include <string_view>

namespace recoup::source::segment {

struct Message {
    Json json;
    Shop const& shop;
    std::string_view type;  // "track", "identify", "page", "screen", "group", "alias"

    Json properties() const { return json["properties"]; }
    /// Of an identify its own, else what the library remembers in the context.
    Json traits() const { return json["traits"].is_object() ? json["traits"] : json["context"]["traits"]; }
};

/// Fills keys, time and body. What is returned names what is missing (dead letter); empty means complete. A type or an
/// event name that we do not read is kept and counted.
std::string read_message(Message const& message, Event& event);

/// When it happened by our clock: the sender's own time, moved by how far its clock is off (`sent_at` is by the same
/// clock, and the request was received then). `never` = not said.
Instant happened_at(Json message, Instant sent_at, Instant received_at);

/// userId, anonymousId, and the email and phone of traits and properties.
void add_person_keys(Message const& message, Event& event);
/// Country for phone numbers without one.
std::string phone_country(Message const& message);
/// What a browser library saw, in the session that the context names, else one a day and visitor.
BehaviourSeen behaviour(Message const& message, Event const& event, BehaviourKind kind);

}  // namespace recoup::source::segment
