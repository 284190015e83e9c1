// order.*, payment.* and subscription.*
#include "adapter/source/events/types.hpp"
#include "adapter/source/shared/event_parts.hpp"
#include "adapter/source/shared/text.hpp"

namespace recoup::source::events {
namespace {

void add_order_keys(Item const& item, Event& event) {
    add_key(event, KeyKind::order_id, item.data["order_id"].id());
    add_key(event, KeyKind::cart_token, item.data["cart_id"].id());
    add_key(event, KeyKind::checkout_token, item.data["checkout_id"].id());
    add_customer_keys(item, event);
}

/// Paid unless it says otherwise: a custom store reports an order when it is complete.
void read_standing(Item const& item, Event const& event, OrderPlaced& order) {
    auto const data = item.data;
    order.financial_status = lower_ascii(data["financial_status"].text(limits::id_bytes));
    if (order.financial_status.empty()) {
        bool const unpaid = data["paid"].kind() == JsonKind::boolean && !data["paid"].is_true();
        order.financial_status = unpaid ? "pending" : "paid";
    }
    order.paid = order.financial_status == "paid";
    order.cancelled_at = data["cancelled_at"].instant();
    if (item.type == "order.cancelled" && order.cancelled_at == never) order.cancelled_at = event.occurred_at;
}

/// The sender's id without our prefix.
std::string sender_id(Event const& event) { return event.id.substr(event.source.size() + 1); }

}  // namespace

std::string read_order(Item const& item, Event& event) {
    auto const data = item.data;
    add_order_keys(item, event);
    if (!has_key(event, KeyKind::order_id)) return "data needs order_id";
    auto const customer = customer_of(data);
    OrderPlaced order;
    order.order_id = data["order_id"].id();
    order.order_name = data["order_name"].text(limits::id_bytes);
    order.placed_at = data["placed_at"].instant();
    order.total.currency = currency_of(item);
    order.total.minor = data["total"].minor(order.total.currency).value_or(0);
    order.subtotal_minor = data["subtotal"].minor(order.total.currency).value_or(order.total.minor);
    order.lines = read_lines(data["lines"], order.total.currency);
    order.discount_codes = read_codes(data["discount_codes"]);
    read_standing(item, event, order);
    order.landing_site = data["landing_site"].text(limits::url_bytes);
    order.first_name = customer["first_name"].text();
    order.last_name = customer["last_name"].text();
    order.country = upper_ascii(customer["country"].text(2));
    order.region = customer["region"].text(limits::id_bytes);
    order.postal_code = customer["postal_code"].text(limits::id_bytes);
    order.test = data["test"].is_true();
    order.renewal = data["renewal"].is_true();
    order.address_mark = mark_of(event.shop_id, customer);
    event.body = std::move(order);
    return {};
}

std::string read_refund(Item const& item, Event& event) {
    OrderRefunded refund;
    refund.order_id = item.data["order_id"].id();
    add_key(event, KeyKind::order_id, refund.order_id);
    if (event.keys.empty()) return "data needs order_id";
    auto const amount = item.data["amount"].minor(currency_of(item));
    if (!amount) return "data needs amount, like \"12.50\"";
    refund.refund_id = item.data["refund_id"].id();
    if (refund.refund_id.empty()) refund.refund_id = sender_id(event);
    refund.amount_minor = *amount;
    event.body = std::move(refund);
    return {};
}

std::string read_payment(Item const& item, Event& event) {
    auto const data = item.data;
    add_order_keys(item, event);
    PaymentChanged payment;
    payment.payment_id = data["payment_id"].id();
    if (payment.payment_id.empty()) return "data needs payment_id";
    if (event.keys.empty()) return "data needs an order_id, cart_id, checkout_id or customer";
    payment.attempt_id = data["attempt_id"].id();
    if (payment.attempt_id.empty()) payment.attempt_id = sender_id(event);
    payment.kind = item.type.starts_with("subscription.") ? PaymentKind::recurring : PaymentKind::one_off;
    bool const failed = item.type == "payment.failed" || item.type == "subscription.payment_failed";
    payment.state = failed ? PaymentState::failed : PaymentState::paid;
    payment.amount.currency = currency_of(item);
    payment.amount.minor = data["amount"].minor(payment.amount.currency).value_or(0);
    payment.decline_code = lower_ascii(data["decline_code"].text(limits::id_bytes));
    payment.recovery_url = link_of(data);
    payment.test = data["test"].is_true();
    payment.subscription_id = data["subscription_id"].id();
    event.body = std::move(payment);
    return {};
}

std::string read_subscription(Item const& item, Event& event) {
    auto const data = item.data;
    add_customer_keys(item, event);
    add_consents(item, event);
    if (event.keys.empty()) return "data needs a customer with id, email, phone or anonymous_id";
    SubscriptionChanged subscription;
    subscription.subscription_id = data["subscription_id"].id();
    subscription.active = item.type == "subscription.started";
    subscription.title = data["title"].text();
    subscription.recovery_url = link_of(data);
    event.body = std::move(subscription);
    return {};
}

}  // namespace recoup::source::events
