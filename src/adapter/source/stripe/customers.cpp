// customer.* and customer.subscription.*
#include "adapter/source/shared/event_parts.hpp"
#include "adapter/source/shared/text.hpp"
#include "adapter/source/stripe/notice.hpp"

namespace recoup::source::stripe {

namespace {

std::string title_of(Json subscription) {
    for (auto const item : subscription["items"]["data"].items(1)) {
        auto title = item["price"]["nickname"].text();
        return title.empty() ? item["plan"]["nickname"].text() : title;
    }
    return subscription["plan"]["nickname"].text();
}

}  // namespace

/// A subscription's own payments are invoices; it joins Stripe's customer to the store's names in its metadata, if any. It
/// has ended when it is deleted, not when its end was asked for, and lives while it is active or on trial.
std::string read_subscription(Notice const& notice, Event& event) {
    add_customer_key(notice.object, event);
    if (event.keys.empty()) return "a subscription needs its customer";
    add_metadata_keys(notice.object, event);
    auto const status = notice.object["status"].text(limits::id_bytes);
    bool const ended = notice.type == "customer.subscription.deleted";
    SubscriptionChanged subscription;
    subscription.subscription_id = notice.object["id"].id();
    subscription.active = !ended;
    subscription.title = title_of(notice.object);
    bool const tells = !subscription.subscription_id.empty() && (ended || status == "active" || status == "trialing");
    if (tells) event.body = std::move(subscription);
    else if (event.keys.size() > 1) event.body = CustomerChanged{};
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
