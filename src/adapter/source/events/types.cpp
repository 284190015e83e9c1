#include "adapter/source/events/types.hpp"

#include "adapter/source/shared/event_parts.hpp"
#include "adapter/source/shared/lines.hpp"
#include "adapter/source/shared/text.hpp"
#include "core/mark/mark.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace recoup::source::events {
namespace {

constexpr std::array<std::pair<std::string_view, Reader>, 19> readers{{
    {"cart.updated", read_cart},
    {"checkout.started", read_cart},
    {"checkout.updated", read_cart},
    {"cart.deleted", read_cart_deleted},
    {"order.completed", read_order},
    {"order.cancelled", read_order},
    {"order.refunded", read_refund},
    {"payment.failed", read_payment},
    {"payment.recovered", read_payment},
    {"subscription.payment_failed", read_payment},
    {"subscription.renewed", read_payment},
    {"subscription.started", read_subscription},
    {"subscription.cancelled", read_subscription},
    {"customer.updated", read_customer},
    {"consent.updated", read_consent},
    {"customer.erase", read_erase},
    {"product.updated", read_product},
    {"product.deleted", read_product_deleted},
    {"coupon.updated", read_coupon},
}};

constexpr std::size_t most_consents = 8;

}  // namespace

Reader reader_of(std::string_view type) {
    auto const found = std::find_if(readers.begin(), readers.end(), [&](auto const& entry) { return entry.first == type; });
    return found == readers.end() ? nullptr : found->second;
}

Json customer_of(Json data) { return data["customer"].is_object() ? data["customer"] : data; }

std::string phone_country(Item const& item) {
    auto country = upper_ascii(customer_of(item.data)["country"].text(2));
    return country.size() == 2 ? country : item.shop.country;
}

std::string mark_of(std::string_view shop_id, Json customer) {
    auto const name = customer["last_name"].text(), street = customer["street"].text(),
               code = customer["postal_code"].text(limits::id_bytes), city = customer["city"].text(),
               country = customer["country"].text(2);
    return core::address_mark(shop_id, {name, street, code, city, country});
}

std::string link_of(Json data) {
    auto link = data["recovery_url"].url();
    return link.empty() ? data["url"].url() : link;
}

void add_customer_keys(Item const& item, Event& event) {
    auto const customer = customer_of(item.data);
    auto const data = item.data;
    bool const own_id = data["customer"].is_object() || item.type.starts_with("customer.");
    add_key(event, KeyKind::email, customer["email"].text());
    add_key(event, KeyKind::phone, customer["phone"].text(), phone_country(item));
    add_key(event, KeyKind::customer_id, data["customer_id"].id());
    if (own_id && !has_key(event, KeyKind::customer_id)) add_key(event, KeyKind::customer_id, customer["id"].id());
    add_key(event, KeyKind::anonymous_id, customer["anonymous_id"].id());
    add_key(event, KeyKind::anonymous_id, data["anonymous_id"].id());
}

void add_consents(Item const& item, Event& event) {
    auto const customer = customer_of(item.data);
    auto const country = phone_country(item);
    auto const address = [&](Channel channel) { return customer[channel == Channel::sms ? "phone" : "email"].text(); };
    for (auto const channel : {Channel::email, Channel::sms}) {
        auto const member = channel == Channel::sms ? "accepts_sms_marketing" : "accepts_email_marketing";
        if (customer[member].is_true())
            add_consent(event, channel, address(channel), country, ConsentState::granted, "events");
    }
    for (auto const json : item.data["consents"].items(most_consents)) {
        auto const channel = channel_from(json["channel"].text(limits::id_bytes));
        auto const state = consent_state(json["state"].text(limits::id_bytes));
        bool const known = channel && state && (*channel == Channel::email || *channel == Channel::sms);
        if (!known) continue;
        auto const own = json["address"].text();
        auto* const change = add_consent(event, *channel, own.empty() ? address(*channel) : own, country, *state, "events");
        if (change != nullptr) read_circumstances(json, event, *change);
    }
}

void read_circumstances(Json json, Event const& event, ConsentChanged& change) {
    change.confirmed = json["confirmed"].is_true();
    change.age = std::clamp<std::int64_t>(json["age"].integer().value_or(0), 0, 150);
    auto const said_at = json["said_at"].instant();
    if (said_at != never) change.said_at = std::min(said_at, event.received_at);
}

std::string currency_of(Item const& item) {
    auto currency = upper_ascii(item.data["currency"].text(3));
    return currency.size() == 3 ? currency : item.shop.currency;
}

std::vector<Line> read_lines(Json lines, std::string_view currency) {
    return source::read_lines(lines, currency, {"title", "variant_title"});
}

std::vector<std::string> read_codes(Json codes) {
    std::vector<std::string> out;
    for (auto const code : codes.items(limits::discount_codes))
        if (auto text = code.text(limits::id_bytes); !text.empty()) out.push_back(std::move(text));
    return out;
}

}  // namespace recoup::source::events
