#include "service/links/link_events.hpp"

namespace recoup::service {
namespace {

constexpr Millis counted_once = std::chrono::minutes{10};

/// About a message, and nobody else.
Event bare_event(core::LinkClaims const& claims, Instant at, std::string topic) {
    Event event;
    event.shop_id = claims.shop_id;
    event.source = "link";
    event.topic = std::move(topic);
    event.id = "link:" + event.topic + ":" + claims.message_id + ":" + std::to_string(to_millis(at));
    event.occurred_at = at;
    event.received_at = at;
    return event;
}

Event link_event(core::LinkClaims const& claims, LinkFacts const& facts, Instant at, std::string topic) {
    auto event = bare_event(claims, at, std::move(topic));
    auto const kind = facts.channel == Channel::sms ? KeyKind::phone : KeyKind::email;
    if (auto key = make_key(kind, facts.to)) event.keys.push_back(std::move(*key));
    return event;
}

}  // namespace

Event followed_event(core::LinkClaims const& claims, LinkFacts const& facts, Instant at, std::string_view machine) {
    bool const restored = claims.purpose == core::LinkPurpose::restore;
    auto event = link_event(claims, facts, at, restored ? "restored" : "clicked");
    event.body = MessageFeedback{restored ? FeedbackKind::restored : FeedbackKind::clicked, claims.message_id, std::string(machine), !machine.empty()};
    return event;
}

Event opened_event(core::LinkClaims const& claims, Instant at, std::string_view machine) {
    auto event = bare_event(claims, at, "opened");
    auto const who = machine.empty() ? std::string_view("human") : machine;
    event.id = "link:opened:" + claims.message_id + ":" + std::string(who) + ":" + std::to_string(to_millis(at) / counted_once.count());
    event.body = MessageFeedback{FeedbackKind::opened, claims.message_id, std::string(machine), !machine.empty()};
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
