#pragma once
// One reader a topic. A reader fills keys, time and body from the JSON; what it returns names what is missing, so that
// the delivery becomes a dead letter; empty means complete. Formats: Shopify webhook reference, versions 2023-10 to
// 2026-10 (money strings, int64 ids, [] for absent addresses; unknown keys are ignored).

#include "adapter/source/shared/json.hpp"
#include "recoup/domain/event.hpp"
#include "recoup/domain/shop.hpp"

#include <string>
#include <string_view>

namespace recoup::source::shopify {

struct Topic {
    Json body;
    Shop const& shop;
    std::string_view name;
};

using Reader = std::string (*)(Topic const&, Event&);

/// nullptr: a topic we do not read; it is kept and counted.
Reader reader_of(std::string_view topic);

std::string read_cart(Topic const& topic, Event& event);
std::string read_checkout(Topic const& topic, Event& event);
std::string read_draft_order(Topic const& topic, Event& event);
std::string read_checkout_deleted(Topic const& topic, Event& event);
std::string read_order(Topic const& topic, Event& event);
std::string read_transaction(Topic const& topic, Event& event);
std::string read_refund(Topic const& topic, Event& event);
std::string read_dispute(Topic const& topic, Event& event);
std::string read_customer(Topic const& topic, Event& event);
std::string read_customer_merge(Topic const& topic, Event& event);
std::string read_email_consent(Topic const& topic, Event& event);
std::string read_sms_consent(Topic const& topic, Event& event);
std::string read_product(Topic const& topic, Event& event);
std::string read_product_deleted(Topic const& topic, Event& event);
std::string read_variant(Topic const& topic, Event& event);
std::string read_inventory_level(Topic const& topic, Event& event);
std::string read_discount(Topic const& topic, Event& event);
std::string read_redeem_code(Topic const& topic, Event& event);
std::string read_data_request(Topic const& topic, Event& event);
std::string read_customer_redact(Topic const& topic, Event& event);
std::string read_shop_redact(Topic const& topic, Event& event);
std::string read_uninstalled(Topic const& topic, Event& event);

/// updated_at, else created_at.
Instant changed_at(Json body);
/// The currency that the body's plain price fields are in, upper case; the shop's when the body does not say.
std::string currency_of(Topic const& topic);
std::vector<Line> read_lines(Json items, std::string_view currency);
std::vector<std::string> read_discount_codes(Json codes);
/// The first of the given members that is an object with something in it; addresses may also be absent, null or [].
Json first_address(Json body, std::initializer_list<std::string_view> names);
/// Of where it goes (core/mark); empty when the address does not say enough.
std::string mark_of(Topic const& topic, Json address);
/// Country for numbers without one: the address's, else the shop's.
std::string phone_country(Json address, Shop const& shop);

}  // namespace recoup::source::shopify
