// orders/*, order_transactions/create, refunds/create and disputes/*.
#include "adapter/source/shared/event_parts.hpp"
#include "adapter/source/shared/text.hpp"
#include "adapter/source/shopify/topics.hpp"

namespace recoup::source::shopify {
namespace {

void read_order_keys(Json body, std::string_view country, Event& event) {
    auto const customer = body["customer"];
    add_key(event, KeyKind::order_id, body["id"].id());
    add_key(event, KeyKind::checkout_token, body["checkout_token"].id());
    add_key(event, KeyKind::cart_token, body["cart_token"].id());
    add_key(event, KeyKind::email, body["email"].text());
    if (!has_key(event, KeyKind::email)) add_key(event, KeyKind::email, body["contact_email"].text());
    if (!has_key(event, KeyKind::email)) add_key(event, KeyKind::email, customer["email"].text());
    add_key(event, KeyKind::phone, body["phone"].text(), country);
    if (!has_key(event, KeyKind::phone)) add_key(event, KeyKind::phone, customer["phone"].text(), country);
    add_key(event, KeyKind::customer_id, customer["id"].id());
}

/// What was given back, without the refund's own total, which the webhook does not carry.
std::int64_t refunded(Json body, std::string_view currency) {
    std::int64_t sum = 0;
    for (auto const item : body["refund_line_items"].items(limits::cart_lines))
        sum += item["subtotal"].minor(currency).value_or(0) + item["total_tax"].minor(currency).value_or(0);
    return sum;
}

std::string refund_currency(Topic const& topic) {
    for (auto const item : topic.body["refund_line_items"].items(1)) {
        auto currency = upper_ascii(item["subtotal_set"]["shop_money"]["currency_code"].text(3));
        if (currency.size() == 3) return currency;
    }
    return topic.shop.currency;
}

}  // namespace

std::string read_order(Topic const& topic, Event& event) {
    auto const body = topic.body;
    auto const address = first_address(body, {"shipping_address", "billing_address"});
    read_order_keys(body, phone_country(address, topic.shop), event);
    if (!has_key(event, KeyKind::order_id)) return "an order needs its id";
    set_occurred(event, changed_at(body));
    OrderPlaced order;
    order.order_id = body["id"].id();
    order.order_name = body["name"].text(limits::id_bytes);
    order.placed_at = body["created_at"].instant();
    // Plain price fields of an order are in the shop's currency, unlike those of a checkout.
    auto const currency = upper_ascii(body["currency"].text(3));
    order.total.currency = currency.size() == 3 ? currency : topic.shop.currency;
    order.total.minor = body["total_price"].minor(order.total.currency).value_or(0);
    order.subtotal_minor = body["subtotal_price"].minor(order.total.currency).value_or(order.total.minor);
    order.lines = read_lines(body["line_items"], order.total.currency);
    order.discount_codes = read_discount_codes(body["discount_codes"]);
    order.financial_status = lower_ascii(body["financial_status"].text(limits::id_bytes));
    order.paid = order.financial_status == "paid" || topic.name == "orders/paid";
    order.cancelled_at = body["cancelled_at"].instant();
    if (topic.name == "orders/cancelled" && order.cancelled_at == never) order.cancelled_at = event.occurred_at;
    order.landing_site = body["landing_site"].text(limits::url_bytes);
    order.first_name = body["customer"]["first_name"].text();
    order.last_name = body["customer"]["last_name"].text();
    order.country = upper_ascii(address["country_code"].text(2));
    order.region = address["province_code"].text(limits::id_bytes);
    order.postal_code = address["zip"].text(limits::id_bytes);
    order.test = body["test"].is_true();
    order.renewal = body["source_name"].text(limits::id_bytes) == "subscription_contract";   // its first order came by a checkout
    order.address_mark = mark_of(topic, address);
    event.body = std::move(order);
    return {};
}

/// Sent for success, failure and error. `receipt` is the gateway's own object and may hold card data: never read.
std::string read_transaction(Topic const& topic, Event& event) {
    auto const body = topic.body;
    auto const order_id = body["order_id"].id();
    add_key(event, KeyKind::order_id, order_id);
    if (event.keys.empty()) return "a transaction needs its order_id";
    set_occurred(event, body["processed_at"].instant() != never ? body["processed_at"].instant() : changed_at(body));
    auto const status = body["status"].text(limits::id_bytes);
    auto const kind = body["kind"].text(limits::id_bytes);
    bool const charge = kind == "sale" || kind == "capture" || kind == "authorization" || kind.empty();
    bool const failed = status == "failure" || status == "error";
    if (!charge || (!failed && status != "success")) return {};  // a refund or void: kept, says nothing about paying
    PaymentChanged payment;
    payment.payment_id = order_id;
    payment.attempt_id = body["id"].id();
    if (payment.attempt_id.empty()) return "a transaction needs its id";
    payment.state = failed ? PaymentState::failed : PaymentState::paid;
    auto const currency = upper_ascii(body["currency"].text(3));
    payment.amount.currency = currency.size() == 3 ? currency : topic.shop.currency;
    payment.amount.minor = body["amount"].minor(payment.amount.currency).value_or(0);
    if (failed) payment.decline_code = lower_ascii(body["error_code"].text(limits::id_bytes));
    payment.test = body["test"].is_true();
    event.body = std::move(payment);
    return {};
}

std::string read_refund(Topic const& topic, Event& event) {
    auto const body = topic.body;
    OrderRefunded refund;
    refund.order_id = body["order_id"].id();
    refund.refund_id = body["id"].id();
    add_key(event, KeyKind::order_id, refund.order_id);
    if (event.keys.empty()) return "a refund needs its order_id";
    if (refund.refund_id.empty()) return "a refund needs its id";
    set_occurred(event, changed_at(body));
    refund.amount_minor = refunded(body, refund_currency(topic));
    event.body = std::move(refund);
    return {};
}

/// A chargeback that is lost takes the money back, once, whichever of its deliveries tells first; before that nobody knows.
std::string read_dispute(Topic const& topic, Event& event) {
    auto const body = topic.body;
    auto const id = body["id"].id();
    add_key(event, KeyKind::order_id, body["order_id"].id());
    if (id.empty()) return "a dispute needs its id";
    set_occurred(event, body["finalized_on"].instant());
    if (event.keys.empty() || body["status"].text(limits::id_bytes) != "lost") return {};   // of no order, or open, or won: it is kept
    auto const currency = upper_ascii(body["currency"].text(3));
    OrderRefunded lost;
    lost.order_id = body["order_id"].id();
    lost.refund_id = "dispute:" + id;
    lost.amount_minor = body["amount"].minor(currency.size() == 3 ? currency : topic.shop.currency).value_or(0);
    event.body = std::move(lost);
    return {};
}

}  // namespace recoup::source::shopify
