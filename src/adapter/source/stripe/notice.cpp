#include "adapter/source/stripe/notice.hpp"

#include "adapter/source/shared/event_parts.hpp"
#include "adapter/source/shared/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace recoup::source::stripe {
namespace {

constexpr std::array<std::pair<std::string_view, Reader>, 16> readers{{
    {"payment_intent.payment_failed", read_payment_intent},
    {"payment_intent.succeeded", read_payment_intent},
    {"charge.failed", read_charge},
    {"charge.refunded", read_charge_refunded},
    {"invoice.payment_failed", read_invoice},
    {"invoice.paid", read_invoice},
    {"invoice.payment_succeeded", read_invoice},
    {"customer.subscription.created", read_subscription},
    {"customer.subscription.updated", read_subscription},
    {"customer.subscription.deleted", read_subscription},
    {"customer.created", read_customer},
    {"customer.updated", read_customer},
    {"checkout.session.completed", read_session},
    {"checkout.session.expired", read_session},
    {"checkout.session.async_payment_failed", read_session},
    {"checkout.session.async_payment_succeeded", read_session},
}};

constexpr std::array<std::string_view, 15> no_decimals{"BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA",
                                                       "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"};
constexpr std::array<std::string_view, 5> three_decimals{"BHD", "JOD", "KWD", "OMR", "TND"};
constexpr std::int64_t most = 9'000'000'000'000'000;

template <class List>
bool in(List const& list, std::string_view currency) {
    return std::find(list.begin(), list.end(), currency) != list.end();
}

/// ISK and UGX are sent with two decimals although they have none.
int stripe_exponent(std::string_view currency) {
    if (in(no_decimals, currency)) return 0;
    return in(three_decimals, currency) ? 3 : 2;
}

}  // namespace

Reader reader_of(std::string_view type) {
    auto const named = [&](auto const& entry) { return entry.first == type; };
    auto const found = std::find_if(readers.begin(), readers.end(), named);
    return found == readers.end() ? nullptr : found->second;
}

void add_metadata_keys(Json object, Event& event) {
    auto const metadata = object["metadata"];
    add_key(event, KeyKind::cart_token, metadata["cart_id"].id());
    add_key(event, KeyKind::checkout_token, metadata["checkout_id"].id());
    add_key(event, KeyKind::order_id, metadata["order_id"].id());
    add_key(event, KeyKind::customer_id, metadata["customer_id"].id());
    add_key(event, KeyKind::anonymous_id, metadata["anonymous_id"].id());
}

void add_customer_key(Json object, Event& event) {
    add_key(event, KeyKind::customer_id, id_of(object["customer"]));
}

void add_contact(Json details, Shop const& shop, Event& event) {
    auto const country = upper_ascii(details["address"]["country"].text(2));
    if (!has_key(event, KeyKind::email)) add_key(event, KeyKind::email, details["email"].text());
    if (!has_key(event, KeyKind::phone))
        add_key(event, KeyKind::phone, details["phone"].text(), country.size() == 2 ? country : shop.country);
}

std::string id_of(Json value) {
    return value.is_object() ? value["id"].id() : value.id();
}

std::string currency_of(Notice const& notice) {
    auto currency = upper_ascii(notice.object["currency"].text());
    return currency.size() == 3 ? currency : notice.shop.currency;
}

std::optional<std::int64_t> minor_of(Json amount, std::string_view currency) {
    auto const given = amount.integer();
    if (!given || *given > most || *given < -most) return std::nullopt;
    auto value = *given;
    int const theirs = stripe_exponent(currency), ours = currency_exponent(currency);
    for (int i = ours; i < theirs; ++i) value /= 10;
    for (int i = theirs; i < ours; ++i) value = value > most / 10 || value < -most / 10 ? value : value * 10;
    return value;
}

PaymentChanged payment_of(Notice const& notice, std::string group, PaymentState state, Json amount, Event& event) {
    add_metadata_keys(notice.object, event);
    add_key(event, KeyKind::order_id, group);  // joins what Stripe tells of a guest before an address is known
    add_customer_key(notice.object, event);
    PaymentChanged payment;
    payment.payment_id = notice.object["metadata"]["order_id"].id();
    if (payment.payment_id.empty()) payment.payment_id = std::move(group);
    payment.state = state;
    payment.amount.currency = currency_of(notice);
    payment.amount.minor = minor_of(amount, payment.amount.currency).value_or(0);
    payment.test = notice.test;
    return payment;
}

}  // namespace recoup::source::stripe
