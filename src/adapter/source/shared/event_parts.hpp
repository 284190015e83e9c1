#pragma once
// The parts that every source fills the same way.

#include "recoup/port/source.hpp"

#include <string>
#include <string_view>

namespace recoup::source {

/// Shop, source, id ("<source>:<sender_id>"), topic and times; occurred_at is the time of receipt until known better.
Event new_event(SourceRequest const& request, std::string_view source, std::string_view sender_id, std::string_view topic);

/// The source's own time, never later than the receipt. `never` says nothing.
void set_occurred(Event& event, Instant at);

/// Adds the key when it is worth joining by and not there yet. The first email and phone are the ones to contact.
void add_key(Event& event, KeyKind kind, std::string_view value, std::string_view country = {});
bool has_key(Event const& event, KeyKind kind);

/// Nothing of the product can be bought any more.
ProductChanged deleted_product(std::string_view product_id);

/// A consent said along the way, for the caller to say more of; nullptr when the address does not normalise.
ConsentChanged* add_consent(Event& event, Channel channel, std::string_view address, std::string_view country, ConsentState state,
                            std::string_view method);

/// Replaces the body; consents are dropped, keys stay so that an erasure still finds it.
void dead_letter(Event& event, std::string reason, std::string_view raw);

/// Status 204, and 200 with nothing to say.
HttpResponse no_content();
HttpResponse accepted();
/// For sources without OPTIONS.
HttpResponse no_preflight();

}  // namespace recoup::source
