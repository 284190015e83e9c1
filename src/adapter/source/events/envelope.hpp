#pragma once
// What surrounds the data of one custom event: our own JSON, or a CloudEvent 1.0 in structured mode (JSON) or binary
// mode (ce-* headers; github.com/cloudevents/spec, HTTP protocol binding 1.0.2).

#include "adapter/source/shared/json.hpp"
#include "recoup/base/result.hpp"
#include "recoup/port/http.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace recoup::source::events {

struct Envelope {
    std::string id;  // empty = not said; of a CloudEvent its source and id, which only together are unique
    std::string type;
    Instant at{};                         // never = not said
    Json data;                            // an object
    std::string_view raw;                 // what a dead letter keeps
    std::optional<JsonDocument> decoded;  // what `data` is in when it came as data_base64
};

/// application/cloudevents, application/cloudevents+json and the batch of them.
bool is_cloud_events(std::string_view media_type);
/// ce-* headers stand for the envelope; the body is the data.
bool is_binary_cloud_event(HttpRequest const& http);

/// Either form; an item with `specversion` is a CloudEvent. Errc::invalid names what is wrong.
Result<Envelope> envelope_of(Json item);
Result<Envelope> binary_envelope(HttpRequest const& http, Json data);

}  // namespace recoup::source::events
