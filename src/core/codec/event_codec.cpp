#include "core/codec/event_codec.hpp"

#include "core/codec/event_bodies.hpp"
#include "core/codec/utf8.hpp"

#include <google/protobuf/stubs/logging.h>

namespace recoup::core {

std::string encode_event(Event const& event) {
    wire::Event out;
    out.set_shop_id(to_utf8(event.shop_id));
    out.set_source(to_utf8(event.source));
    out.set_id(to_utf8(event.id));
    out.set_topic(to_utf8(event.topic));
    out.set_trusted(event.trusted);
    out.set_occurred_at_ms(to_millis(event.occurred_at));
    out.set_order_hint(event.order_hint);
    out.set_received_at_ms(to_millis(event.received_at));
    for (auto const& key : event.keys) {
        auto& added = *out.add_keys();
        added.set_kind(to_wire(wire_key_kinds, key.kind));
        added.set_value(to_utf8(key.value));
    }
    for (auto const& consent : event.consents) encode_consent(consent, *out.add_consents());
    encode_body(event.body, out);
    return out.SerializeAsString();
}

Result<Event> decode_event(std::string_view bytes) {
    google::protobuf::LogSilencer const silence;  // a refusal is our answer, not a line on stderr
    wire::Event in;
    if (!in.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
        return error(Errc::invalid, "these bytes are not an event");
    Event event;
    event.shop_id = std::move(*in.mutable_shop_id());
    event.source = std::move(*in.mutable_source());
    event.id = std::move(*in.mutable_id());
    event.topic = std::move(*in.mutable_topic());
    event.trusted = in.trusted();
    event.occurred_at = instant_from_millis(in.occurred_at_ms());
    event.order_hint = in.order_hint();
    event.received_at = instant_from_millis(in.received_at_ms());
    bool known = true;
    for (auto& key : *in.mutable_keys()) {
        auto& added = event.keys.emplace_back();
        known = known && from_wire(wire_key_kinds, key.kind(), added.kind);
        added.value = std::move(*key.mutable_value());
    }
    for (auto& consent : *in.mutable_consents())
        known = known && decode_consent(consent, event.consents.emplace_back());
    if (!known || !decode_body(in, event.body))
        return error(Errc::invalid, "the event holds a value this version does not know; upgrade recoup");
    return event;
}

}  // namespace recoup::core
