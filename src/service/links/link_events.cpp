#include "service/links/link_events.hpp"

namespace recoup::service {
namespace {

Event link_event(core::LinkClaims const& claims, LinkFacts const& facts, Instant at, std::string topic) {
    Event event;
    event.shop_id = claims.shop_id;
    event.source = "link";
    event.topic = std::move(topic);
    event.id = "link:" + event.topic + ":" + claims.message_id + ":" + std::to_string(to_millis(at));
    event.occurred_at = at;
    event.received_at = at;
    auto const kind = facts.channel == Channel::sms ? KeyKind::phone : KeyKind::email;
    if (auto key = make_key(kind, facts.to)) event.keys.push_back(std::move(*key));
    return event;
}

}  // namespace

Event followed_event(core::LinkClaims const& claims, LinkFacts const& facts, Instant at) {
    bool const restored = claims.purpose == core::LinkPurpose::restore;
    auto event = link_event(claims, facts, at, restored ? "restored" : "clicked");
    event.body = MessageFeedback{restored ? FeedbackKind::restored : FeedbackKind::clicked, claims.message_id, {}};
    return event;
}

Event unsubscribed_event(core::LinkClaims const& claims, LinkFacts const& facts, Instant at) {
    auto event = link_event(claims, facts, at, "unsubscribed");
    ConsentChanged change;
    change.channel = facts.channel;
    change.address = facts.to;
    change.state = ConsentState::revoked;
    change.method = "one_click";
    change.suppress = true;
    change.cause = "unsubscribe";
    event.body = std::move(change);
    return event;
}

}  // namespace recoup::service
