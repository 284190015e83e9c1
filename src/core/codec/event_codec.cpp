#include "core/codec/event_codec.hpp"

#include "core/codec/event_bodies.hpp"

#include <google/protobuf/arena.h>
#include <google/protobuf/stubs/logging.h>

#include <memory>

namespace recoup::core {
namespace {

constexpr std::size_t kept_bytes = 64 * 1024;   // of the room, from one event to the next

/// Messages live in memory that is used again: only what is taken out of them is allocated.
class MessageRoom {
public:
    ~MessageRoom() { arena().Reset(); }
    wire::Event& event() const { return *google::protobuf::Arena::CreateMessage<wire::Event>(&arena()); }

private:
    static google::protobuf::Arena& arena() {
        constexpr std::size_t bytes = 16 * 1024;
        thread_local auto const block = std::make_unique<char[]>(bytes);
        thread_local google::protobuf::Arena kept(block.get(), bytes);
        return kept;
    }
};

}  // namespace

std::string encode_event(Event const& event) {
    using In = wire::Event;
    thread_local std::string room;
    if (room.size() > kept_bytes) room = {};
    WireWriter out(room);
    out.text(In::kShopIdFieldNumber, event.shop_id);
    out.text(In::kSourceFieldNumber, event.source);
    out.text(In::kIdFieldNumber, event.id);
    out.text(In::kTopicFieldNumber, event.topic);
    out.integer(In::kTrustedFieldNumber, event.trusted);
    out.integer(In::kOccurredAtMsFieldNumber, to_millis(event.occurred_at));
    out.integer(In::kOrderHintFieldNumber, event.order_hint);
    out.integer(In::kReceivedAtMsFieldNumber, to_millis(event.received_at));
    for (auto const& key : event.keys) {
        auto const added = out.open(In::kKeysFieldNumber);
        out.integer(wire::IdentityKey::kKindFieldNumber, to_wire(wire_key_kinds, key.kind));
        out.text(wire::IdentityKey::kValueFieldNumber, key.value);
    }
    for (auto const& consent : event.consents) out.message(In::kConsentsFieldNumber, [&] { encode(out, consent); });
    encode(out, event.body);
    return std::string(out.written());
}

Result<Event> decode_event(std::string_view bytes) {
    google::protobuf::LogSilencer const silence;  // a refusal is our answer, not a line on stderr
    MessageRoom const room;
    auto& in = room.event();
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
