#include "adapter/source/segment/message.hpp"

#include "adapter/source/segment/track.hpp"
#include "adapter/source/shared/event_parts.hpp"
#include "adapter/source/shared/text.hpp"

namespace recoup::source::segment {
namespace {

constexpr std::string_view nobody = "a message needs userId or anonymousId";

std::string either(Json json, std::string_view camel, std::string_view snake) {
    auto text = json[camel].text();
    return text.empty() ? json[snake].text() : text;
}

/// Two capital letters; longer ones are names of countries.
std::string country_of(Json traits) {
    auto const country = upper_ascii(traits["address"]["country"].text());
    return country.size() == 2 ? country : std::string{};
}

void read_names(Json traits, CustomerChanged& customer) {
    customer.first_name = either(traits, "firstName", "first_name");
    customer.last_name = either(traits, "lastName", "last_name");
    auto const whole = traits["name"].text();
    if (!customer.first_name.empty() || !customer.last_name.empty() || whole.empty()) return;
    auto const space = whole.find(' ');
    customer.first_name = whole.substr(0, space);
    if (space != std::string::npos) customer.last_name = trimmed(std::string_view(whole).substr(space));
}

/// Segment has no traits for consent; these are ours. True grants, anything else says nothing.
void add_consents(Message const& message, Event& event) {
    auto const traits = message.traits();
    auto const country = phone_country(message);
    if (traits["accepts_email_marketing"].is_true())
        add_consent(event, Channel::email, traits["email"].text(), country, ConsentState::granted, "segment");
    if (traits["accepts_sms_marketing"].is_true())
        add_consent(event, Channel::sms, traits["phone"].text(), country, ConsentState::granted, "segment");
}

std::string read_identify(Message const& message, Event& event) {
    auto const traits = message.traits();
    auto const context = message.json["context"];
    add_consents(message, event);
    CustomerChanged customer;
    read_names(traits, customer);
    customer.locale = context["locale"].text(limits::id_bytes);
    customer.timezone = context["timezone"].text(limits::id_bytes);
    customer.country = country_of(traits);
    customer.region = traits["address"]["state"].text(limits::id_bytes);
    customer.postal_code = either(traits["address"], "postalCode", "postal_code");
    event.body = std::move(customer);
    return {};
}

/// previousId is the anonymous or the user id that userId takes over.
std::string read_alias(Message const& message, Event& event) {
    auto const previous = message.json["previousId"].id();
    add_key(event, KeyKind::anonymous_id, previous);
    add_key(event, KeyKind::customer_id, previous);
    if (event.keys.size() < 2) return "an alias needs previousId and userId";
    event.body = CustomerChanged{};
    return {};
}

}  // namespace

std::string read_message(Message const& message, Event& event) {
    add_person_keys(message, event);
    if (message.type.empty()) return "a message needs its type";
    if (message.type == "alias") return read_alias(message, event);
    bool const known = has_key(event, KeyKind::customer_id) || has_key(event, KeyKind::anonymous_id);
    if (!known) return std::string(nobody);
    if (message.type == "identify") return read_identify(message, event);
    if (message.type == "track") return read_track(message, event);
    bool const page = message.type == "page" || message.type == "screen";
    if (page) event.body = behaviour(message, event, BehaviourKind::page_viewed);
    return {};  // a group, or a type of tomorrow
}

Instant happened_at(Json message, Instant sent_at, Instant received_at) {
    auto at = message["timestamp"].instant();
    if (at == never) at = message["originalTimestamp"].instant();
    auto const own = message["sentAt"].instant();
    auto const sent = own == never ? sent_at : own;
    if (at == never || sent == never) return at;
    auto const moved = received_at - (sent - at);
    return moved > never ? moved : never;
}

void add_person_keys(Message const& message, Event& event) {
    auto const country = phone_country(message);
    add_key(event, KeyKind::customer_id, message.json["userId"].id());
    add_key(event, KeyKind::anonymous_id, message.json["anonymousId"].id());
    for (auto const from : {message.traits(), message.properties()}) {
        if (!has_key(event, KeyKind::email)) add_key(event, KeyKind::email, from["email"].text());
        if (!has_key(event, KeyKind::phone)) add_key(event, KeyKind::phone, from["phone"].text(), country);
    }
}

std::string phone_country(Message const& message) {
    auto country = country_of(message.traits());
    return country.empty() ? message.shop.country : country;
}

BehaviourSeen behaviour(Message const& message, Event const& event, BehaviourKind kind) {
    BehaviourSeen seen;
    seen.kind = kind;
    seen.session_id = message.json["context"]["sessionId"].id();
    if (seen.session_id.empty()) {
        auto visitor = message.json["anonymousId"].id();
        if (visitor.empty()) visitor = message.json["userId"].id();
        seen.session_id = visitor + ":" + to_rfc3339(event.occurred_at).substr(0, 10);
    }
    seen.product_id = message.properties()["product_id"].id();
    return seen;
}

}  // namespace recoup::source::segment
