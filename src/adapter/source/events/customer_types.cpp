// customer.updated, customer.erase and consent.updated.
#include "adapter/source/events/types.hpp"
#include "adapter/source/shared/event_parts.hpp"
#include "adapter/source/shared/text.hpp"

namespace recoup::source::events {
std::string read_customer(Item const& item, Event& event) {
    auto const json = customer_of(item.data);
    add_customer_keys(item, event);
    add_consents(item, event);
    if (event.keys.empty()) return "data needs a customer with id, email, phone or anonymous_id";
    CustomerChanged customer;
    customer.first_name = json["first_name"].text();
    customer.last_name = json["last_name"].text();
    customer.locale = json["locale"].text(limits::id_bytes);
    customer.country = upper_ascii(json["country"].text(2));
    customer.region = json["region"].text(limits::id_bytes);
    customer.postal_code = json["postal_code"].text(limits::id_bytes);
    customer.timezone = json["timezone"].text(limits::id_bytes);
    event.body = std::move(customer);
    return {};
}

std::string read_consent(Item const& item, Event& event) {
    auto const data = item.data;
    auto const channel = channel_from(data["channel"].text(limits::id_bytes));
    if (!channel || (*channel != Channel::email && *channel != Channel::sms)) return "data needs channel \"email\" or \"sms\"";
    auto const state = consent_state(data["state"].text(limits::id_bytes));
    if (!state) return "data needs state \"granted\", \"pending\", \"denied\" or \"revoked\"";
    auto const customer = customer_of(data);
    bool const sms = *channel == Channel::sms;
    auto said = data["address"].text();
    if (said.empty()) said = customer[sms ? "phone" : "email"].text();
    auto address = sms ? normalise_phone(said, phone_country(item)) : normalise_email(said);
    if (!address) return "data needs a valid address for its channel";
    add_key(event, sms ? KeyKind::phone : KeyKind::email, *address);
    add_customer_keys(item, event);
    ConsentChanged change;
    change.channel = *channel;
    change.address = *std::move(address);
    change.state = *state;
    change.method = "events";
    read_circumstances(data, event, change);
    event.body = std::move(change);
    return {};
}

std::string read_erase(Item const& item, Event& event) {
    add_customer_keys(item, event);
    if (event.keys.empty()) return "data needs a customer with id, email, phone or anonymous_id";
    event.body = PersonErased{};
    return {};
}

}  // namespace recoup::source::events
