// customer.* and customer.subscription.*
#include "adapter/source/shared/event_parts.hpp"
#include "adapter/source/shared/text.hpp"
#include "adapter/source/stripe/notice.hpp"

namespace recoup::source::stripe {

/// A subscription's own payments are invoices; it joins Stripe's customer to the store's names in its metadata, if any.
std::string read_subscription(Notice const& notice, Event& event) {
    add_customer_key(notice.object, event);
    if (event.keys.empty()) return "a subscription needs its customer";
    add_metadata_keys(notice.object, event);
    if (event.keys.size() > 1) event.body = CustomerChanged{};
    return {};
}

std::string read_customer(Notice const& notice, Event& event) {
    auto const json = notice.object;
    add_key(event, KeyKind::customer_id, json["id"].id());
    if (event.keys.empty()) return "a customer needs its id";
    add_metadata_keys(json, event);
    add_contact(json, notice.shop, event);
    CustomerChanged customer;
    auto const name = json["name"].text();
    auto const space = name.find(' ');
    customer.first_name = name.substr(0, space);
    if (space != std::string::npos) customer.last_name = trimmed(std::string_view(name).substr(space));
    for (auto const locale : json["preferred_locales"].items(1)) customer.locale = locale.text(limits::id_bytes);
    customer.country = upper_ascii(json["address"]["country"].text(2));
    customer.region = json["address"]["state"].text(limits::id_bytes);
    customer.postal_code = json["address"]["postal_code"].text(limits::id_bytes);
    event.body = std::move(customer);
    return {};
}

}  // namespace recoup::source::stripe
