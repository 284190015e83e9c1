#pragma once
// One reader a topic of WooCommerce (woocommerce.com/document/webhooks; bodies are those of its REST API wc/v3: money
// as decimal strings, dates without a zone in *_gmt). Core has no cart webhook: carts come from the pixel or from
// custom events, checkouts are seen from the first order on.

#include "adapter/source/shared/json.hpp"
#include "recoup/domain/event.hpp"
#include "recoup/domain/shop.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace recoup::source::woocommerce {

struct Topic {
    Json body;
    Shop const& shop;
    std::string_view name;  // "order.updated"
};

/// Fills keys, time and body; what it returns names what is missing (dead letter), empty means complete.
using Reader = std::string (*)(Topic const&, Event&);

/// nullptr: a topic we do not read; it is kept and counted.
Reader reader_of(std::string_view topic);

std::string read_order(Topic const& topic, Event& event);
std::string read_order_deleted(Topic const& topic, Event& event);
std::string read_customer(Topic const& topic, Event& event);
std::string read_customer_deleted(Topic const& topic, Event& event);
std::string read_product(Topic const& topic, Event& event);
std::string read_product_deleted(Topic const& topic, Event& event);
std::string read_coupon(Topic const& topic, Event& event);

/// What an order tells besides: its refunds, one event each, whose id is the refund's, so that later tellings have no
/// effect; and that a failed payment ended its checkout, because the payment has a sequence of its own.
std::vector<Event> more_of(Topic const& topic, Event const& event);

/// "2026-11-20T10:05:00" is UTC in members ending in _gmt; `never` when absent or malformed.
Instant gmt(Json stamp);

}  // namespace recoup::source::woocommerce
