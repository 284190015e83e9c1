// customers/*, both consent topics, the three privacy topics and app/uninstalled.
#include "adapter/source/shared/event_parts.hpp"
#include "adapter/source/shared/text.hpp"
#include "adapter/source/shopify/topics.hpp"

namespace recoup::source::shopify {
namespace {

/// Only "subscribed" permits marketing.
ConsentState consent_of(std::string const& state) {
    if (state == "subscribed") return ConsentState::granted;
    if (state == "pending") return ConsentState::pending;
    if (state == "unsubscribed" || state == "redacted" || state == "invalid") return ConsentState::revoked;
    if (state == "not_subscribed") return ConsentState::denied;
    return ConsentState::unknown;
}

bool by_double_opt_in(Json consent) { return consent["opt_in_level"].text(limits::id_bytes) == "confirmed_opt_in"; }

/// Customer topics up to version 2024-10 repeat a consent whenever anything changes, so it counts from its own time; without
/// one nothing was ever said.
void read_profile_consent(Json consent, Channel channel, std::string_view address, std::string_view country, Event& event) {
    auto const state = consent_of(consent["state"].text(limits::id_bytes));
    auto const said_at = consent["consent_updated_at"].instant();
    if (state == ConsentState::unknown || said_at == never) return;
    auto* const change = add_consent(event, channel, address, country, state, "customer_profile");
    if (change == nullptr) return;
    change->said_at = std::min(said_at, event.received_at);
    change->confirmed = by_double_opt_in(consent);
}

std::string finish_consent(Json consent, Channel channel, std::string address, Event& event) {
    auto const state = consent["state"].text(limits::id_bytes);
    if (state.empty()) return "a consent needs its state";
    set_occurred(event, consent["consent_updated_at"].instant());
    ConsentChanged change;
    change.channel = channel;
    change.address = std::move(address);
    change.state = consent_of(state);
    change.method = "customer_profile";
    change.confirmed = by_double_opt_in(consent);
    event.body = std::move(change);
    return {};
}

/// Privacy requests name the customer by id, email, phone or only some of them.
std::string read_customer_keys(Topic const& topic, Event& event) {
    auto const customer = topic.body["customer"];
    add_key(event, KeyKind::customer_id, customer["id"].id());
    add_key(event, KeyKind::email, customer["email"].text());
    add_key(event, KeyKind::phone, customer["phone"].text(), topic.shop.country);
    return event.keys.empty() ? "a privacy request needs the customer's id, email or phone" : "";
}

/// "gid://shopify/Customer/123" -> "123", the id that every other topic uses.
std::string number_of_gid(std::string_view gid) {
    constexpr std::string_view kind = "gid://shopify/Customer/";
    return gid.starts_with(kind) ? std::string(gid.substr(kind.size())) : std::string{};
}

}  // namespace

std::string read_customer(Topic const& topic, Event& event) {
    auto const body = topic.body;
    auto const address = body["default_address"];
    add_key(event, KeyKind::customer_id, body["id"].id());
    add_key(event, KeyKind::email, body["email"].text());
    add_key(event, KeyKind::phone, body["phone"].text(), phone_country(address, topic.shop));
    if (event.keys.empty()) return "a customer needs an id, email or phone";
    set_occurred(event, changed_at(body));
    CustomerChanged customer;
    customer.first_name = body["first_name"].text();
    customer.last_name = body["last_name"].text();
    customer.locale = body["locale"].text(limits::id_bytes);
    customer.country = upper_ascii(address["country_code"].text(2));
    customer.region = address["province_code"].text(limits::id_bytes);
    customer.postal_code = address["zip"].text(limits::id_bytes);
    event.body = std::move(customer);
    auto const country = phone_country(address, topic.shop);
    read_profile_consent(body["email_marketing_consent"], Channel::email, body["email"].text(), country, event);
    read_profile_consent(body["sms_marketing_consent"], Channel::sms, body["phone"].text(), country, event);
    return {};
}

/// The deleted one and the kept one are the same person from then on.
std::string read_customer_merge(Topic const& topic, Event& event) {
    auto const body = topic.body;
    if (lower_ascii(body["status"].text(limits::id_bytes)) != "completed") return {};  // nothing has changed yet
    for (std::string_view const name : {"admin_graphql_api_customer_kept_id", "admin_graphql_api_customer_deleted_id"})
        add_key(event, KeyKind::customer_id, number_of_gid(body[name].id()));
    if (event.keys.size() < 2) return "a merge needs the customer that was kept and the one that was deleted";
    event.body = CustomerChanged{};
    return {};
}

// The two consent topics name the customer differently: customer_id and email_address here, id and phone below.
std::string read_email_consent(Topic const& topic, Event& event) {
    auto const body = topic.body;
    auto address = normalise_email(body["email_address"].text());
    if (!address) return "an email consent needs a valid email_address";
    add_key(event, KeyKind::customer_id, body["customer_id"].id());
    add_key(event, KeyKind::email, *address);
    return finish_consent(body["email_marketing_consent"], Channel::email, *std::move(address), event);
}

std::string read_sms_consent(Topic const& topic, Event& event) {
    auto const body = topic.body;
    auto address = normalise_phone(body["phone"].text(), topic.shop.country);
    if (!address) return "an SMS consent needs a phone number with its country code";
    add_key(event, KeyKind::customer_id, body["id"].id());
    add_key(event, KeyKind::phone, *address);
    return finish_consent(body["sms_marketing_consent"], Channel::sms, *std::move(address), event);
}

std::string read_data_request(Topic const& topic, Event& event) {
    DataRequested request;
    request.request_id = topic.body["data_request"]["id"].id();
    if (request.request_id.empty()) request.request_id = event.id;
    event.body = std::move(request);
    return read_customer_keys(topic, event);
}

std::string read_customer_redact(Topic const& topic, Event& event) {
    event.body = PersonErased{};
    return read_customer_keys(topic, event);
}

std::string read_shop_redact(Topic const&, Event& event) {
    event.body = ShopErased{};
    return {};
}

std::string read_uninstalled(Topic const&, Event& event) {
    event.body = ShopUninstalled{};
    return {};
}

}  // namespace recoup::source::shopify
