#pragma once
// The bodies of events, one function each way. Private to event_codec.

#include "core/codec/wire_enums.hpp"
#include "core/codec/wire_writer.hpp"

namespace recoup::core {

void encode(WireWriter& out, ConsentChanged const& consent);
void encode(WireWriter& out, EventBody const& body);

/// These take texts out of the message. False = a value of a newer version.
bool decode_consent(wire::ConsentChanged& in, ConsentChanged& consent);
bool decode_body(wire::Event& in, EventBody& body);

}  // namespace recoup::core
