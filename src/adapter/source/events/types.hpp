#pragma once
// One reader a type of custom event; the JSON of each is documented in docs/events.md. A reader fills keys and body
// from `data`; what it returns names what is missing (dead letter); empty means complete.

#include "adapter/source/shared/json.hpp"
#include "recoup/domain/event.hpp"
#include "recoup/domain/shop.hpp"

#include <string>
#include <string_view>

namespace recoup::source::events {

struct Item {
    Json data;
    Shop const& shop;
    std::string_view type;
};

using Reader = std::string (*)(Item const&, Event&);

/// nullptr: a type we do not read; it is kept and counted.
Reader reader_of(std::string_view type);

std::string read_cart(Item const& item, Event& event);
std::string read_cart_deleted(Item const& item, Event& event);
std::string read_order(Item const& item, Event& event);
std::string read_refund(Item const& item, Event& event);
std::string read_payment(Item const& item, Event& event);
std::string read_subscription(Item const& item, Event& event);
std::string read_customer(Item const& item, Event& event);
std::string read_consent(Item const& item, Event& event);
std::string read_erase(Item const& item, Event& event);
std::string read_product(Item const& item, Event& event);
std::string read_product_deleted(Item const& item, Event& event);
std::string read_coupon(Item const& item, Event& event);

/// Who it is about: data.customer when it is an object, else the same members in data itself.
Json customer_of(Json data);
/// Email, phone, id (`customer_id` when it stands in data itself) and anonymous_id.
void add_customer_keys(Item const& item, Event& event);
/// accepts_email_marketing, accepts_sms_marketing (true grants, false says nothing) and the list `consents`.
void add_consents(Item const& item, Event& event);
/// Of one consent: confirmed (by a double opt-in), age (of the person), said_at.
void read_circumstances(Json json, Event const& event, ConsentChanged& change);
/// Of the customer's postal address (core/mark); empty when it does not say enough.
std::string mark_of(std::string_view shop_id, Json customer);
/// Country for phone numbers without one.
std::string phone_country(Item const& item);
/// `recovery_url`, or `url` for short.
std::string link_of(Json data);
std::string currency_of(Item const& item);
std::vector<Line> read_lines(Json lines, std::string_view currency);
std::vector<std::string> read_codes(Json codes);

}  // namespace recoup::source::events
