#pragma once
// One Stripe event (docs.stripe.com/api/events) and what its types say to us. Shapes: API versions 2020-08 to 2026-07;
// where a member moved, both places are read.

#include "adapter/source/shared/json.hpp"
#include "recoup/domain/event.hpp"
#include "recoup/domain/shop.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace recoup::source::stripe {

struct Notice {
    Json object;    // data.object
    Json previous;  // data.previous_attributes: what changed members were before
    Shop const& shop;
    std::string_view type;
    bool test = false;  // not livemode
};

/// Fills keys and body; what it returns names what is missing (dead letter), empty means complete.
using Reader = std::string (*)(Notice const&, Event&);

/// nullptr: a type we do not read; it is kept and counted.
Reader reader_of(std::string_view type);

std::string read_payment_intent(Notice const& notice, Event& event);
std::string read_charge(Notice const& notice, Event& event);
std::string read_charge_refunded(Notice const& notice, Event& event);
std::string read_invoice(Notice const& notice, Event& event);
std::string read_subscription(Notice const& notice, Event& event);
std::string read_customer(Notice const& notice, Event& event);
std::string read_session(Notice const& notice, Event& event);

/// A finished checkout session also ends its cart: the second event, whose id and keys follow from the first's.
std::optional<Event> finished_cart(Notice const& notice, Event const& event);

/// The store's own names, which it has to put there: cart_id, checkout_id, order_id, customer_id, anonymous_id.
void add_metadata_keys(Json object, Event& event);
/// Stripe's customer, by id or expanded.
void add_customer_key(Json object, Event& event);
/// An address with country, as in billing_details and customer_details: email, then phone.
void add_contact(Json details, Shop const& shop, Event& event);

/// The id of `value`, which is either an id or, expanded, an object with one.
std::string id_of(Json value);
/// Upper case; the shop's when the object does not say.
std::string currency_of(Notice const& notice);
/// Stripe's integer amounts have its own number of decimals in a few currencies (docs.stripe.com/currencies): here in
/// ISO 4217's. nullopt when it is no integer or absurd.
std::optional<std::int64_t> minor_of(Json amount, std::string_view currency);

/// Payment with state, money, test and keys. `group` joins the attempts of one payment: the store's order id where the
/// metadata has it, so that the store's own order settles it, else `group`.
PaymentChanged payment_of(Notice const& notice, std::string group, PaymentState state, Json amount, Event& event);

}  // namespace recoup::source::stripe
