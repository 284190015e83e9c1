#include "adapter/source/segment/track.hpp"

#include "adapter/source/shared/event_parts.hpp"
#include "adapter/source/shared/lines.hpp"
#include "adapter/source/shared/sum.hpp"
#include "adapter/source/shared/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace recoup::source::segment {
namespace {

using Reader = std::string (*)(Message const&, Event&);

std::string currency_of(Message const& message) {
    auto currency = upper_ascii(message.properties()["currency"].text());
    return currency.size() == 3 ? currency : message.shop.currency;
}

/// The first of the named properties that is an amount.
std::optional<std::int64_t> amount_of(Message const& message, std::initializer_list<std::string_view> names) {
    auto const currency = currency_of(message);
    for (auto const name : names)
        if (auto const amount = message.properties()[name].minor(currency)) return amount;
    return std::nullopt;
}

std::vector<Line> read_products(Message const& message) {
    return read_lines(message.properties()["products"], currency_of(message), {"name", "variant"});
}

std::vector<std::string> read_coupons(Json properties) {
    auto coupon = properties["coupon"].text(limits::id_bytes);
    return coupon.empty() ? std::vector<std::string>{} : std::vector<std::string>{std::move(coupon)};
}

/// A checkout may be known by nothing but the id of the order that it becomes.
bool add_tokens(Message const& message, Event& event) {
    auto const properties = message.properties();
    add_key(event, KeyKind::cart_token, properties["cart_id"].id());
    add_key(event, KeyKind::checkout_token, properties["checkout_id"].id());
    if (auto const order = properties["order_id"].id(); !order.empty())
        add_key(event, KeyKind::checkout_token, "segment-order:" + order);
    return has_key(event, KeyKind::cart_token) || has_key(event, KeyKind::checkout_token);
}

/// A single product added or removed is no picture of the cart: then only that something was done to it.
void fill_cart(Message const& message, Stage stage, Event& event) {
    auto const properties = message.properties();
    CartChanged cart;
    cart.stage = stage;
    cart.currency = currency_of(message);
    cart.has_content = properties["products"].is_array();
    cart.lines = read_products(message);
    cart.subtotal_minor = amount_of(message, {"subtotal", "revenue"}).value_or(value_of(cart.lines));
    cart.total_minor = amount_of(message, {"total", "value", "revenue"}).value_or(cart.subtotal_minor);
    cart.discount_codes = read_coupons(properties);
    cart.recovery_url = properties["recovery_url"].url();
    cart.locale = message.json["context"]["locale"].text(limits::id_bytes);
    if (stage == Stage::payment) cart.gateway = properties["payment_method"].text(limits::id_bytes);
    event.body = std::move(cart);
}

std::string read_product_viewed(Message const& message, Event& event) {
    event.body = behaviour(message, event, BehaviourKind::product_viewed);
    return {};
}

std::string read_cart_viewed(Message const& message, Event& event) {
    if (add_tokens(message, event)) fill_cart(message, Stage::cart, event);
    else event.body = behaviour(message, event, BehaviourKind::cart_viewed);
    return {};
}

std::string read_cart_changed(Message const& message, Event& event) {
    if (add_tokens(message, event)) fill_cart(message, Stage::cart, event);
    else event.body = behaviour(message, event, BehaviourKind::cart_changed);
    return {};
}

std::string read_checkout(Message const& message, Event& event) {
    if (!add_tokens(message, event)) return "properties need cart_id, checkout_id or order_id";
    auto const properties = message.properties();
    auto stage = Stage::checkout;
    if (has_key(event, KeyKind::email) || has_key(event, KeyKind::phone)) stage = Stage::contact;
    if (properties["shipping_method"].present()) stage = Stage::shipping;
    if (properties["payment_method"].present()) stage = Stage::payment;
    fill_cart(message, stage, event);
    return {};
}

std::string read_payment_info(Message const& message, Event& event) {
    if (!add_tokens(message, event)) return "properties need cart_id, checkout_id or order_id";
    fill_cart(message, Stage::payment, event);
    return {};
}

std::string read_order_keys(Message const& message, Event& event) {
    auto const id = message.properties()["order_id"].id();
    add_key(event, KeyKind::order_id, id);
    add_tokens(message, event);
    return has_key(event, KeyKind::order_id) ? std::string{} : "properties need order_id";
}

OrderPlaced order_of(Message const& message) {
    auto const properties = message.properties();
    OrderPlaced order;
    order.order_id = properties["order_id"].id();
    order.lines = read_products(message);
    order.total.currency = currency_of(message);
    order.subtotal_minor = amount_of(message, {"subtotal", "revenue"}).value_or(value_of(order.lines));
    order.total.minor = amount_of(message, {"total", "value", "revenue"}).value_or(order.subtotal_minor);
    order.discount_codes = read_coupons(properties);
    order.paid = true;
    order.financial_status = "paid";
    return order;
}

std::string read_order(Message const& message, Event& event) {
    if (auto missing = read_order_keys(message, event); !missing.empty()) return missing;
    event.body = order_of(message);
    return {};
}

std::string read_order_cancelled(Message const& message, Event& event) {
    if (auto missing = read_order_keys(message, event); !missing.empty()) return missing;
    auto order = order_of(message);
    order.paid = false;
    order.financial_status = "cancelled";
    order.cancelled_at = event.occurred_at;
    event.body = std::move(order);
    return {};
}

/// The sender's id without our prefix.
std::string sender_id(Event const& event) {
    return event.id.substr(event.source.size() + 1);
}

std::string read_refund(Message const& message, Event& event) {
    if (auto missing = read_order_keys(message, event); !missing.empty()) return missing;
    auto const amount = amount_of(message, {"total", "value", "revenue", "amount"});
    if (!amount) return "properties need total, the amount given back";
    OrderRefunded refund;
    refund.order_id = message.properties()["order_id"].id();
    refund.refund_id = message.properties()["refund_id"].id();
    if (refund.refund_id.empty()) refund.refund_id = sender_id(event);
    refund.amount_minor = *amount;
    event.body = std::move(refund);
    return {};
}

/// No name for it is standard; "Payment Failed" and "Order Failed" are what stores use.
std::string read_payment_failed(Message const& message, Event& event) {
    auto const properties = message.properties();
    add_key(event, KeyKind::order_id, properties["order_id"].id());
    add_tokens(message, event);
    PaymentChanged payment;
    for (std::string_view const name : {"payment_id", "order_id", "checkout_id"})
        if (payment.payment_id.empty()) payment.payment_id = properties[name].id();
    if (payment.payment_id.empty()) return "properties need payment_id, order_id or checkout_id";
    payment.attempt_id = sender_id(event);
    payment.amount.currency = currency_of(message);
    payment.amount.minor = amount_of(message, {"total", "value", "revenue", "amount"}).value_or(0);
    payment.decline_code = lower_ascii(properties["decline_code"].text(limits::id_bytes));
    payment.recovery_url = properties["recovery_url"].url();
    event.body = std::move(payment);
    return {};
}

constexpr std::array<std::pair<std::string_view, Reader>, 17> readers{{
    {"product viewed", read_product_viewed},
    {"product added", read_cart_changed},
    {"product removed", read_cart_changed},
    {"cart viewed", read_cart_viewed},
    {"coupon applied", read_cart_changed},
    {"coupon removed", read_cart_changed},
    {"checkout started", read_checkout},
    {"checkout step viewed", read_checkout},
    {"checkout step completed", read_checkout},
    {"payment info entered", read_payment_info},
    {"order completed", read_order},
    {"order updated", read_order},
    {"order refunded", read_refund},
    {"order cancelled", read_order_cancelled},
    {"order canceled", read_order_cancelled},
    {"payment failed", read_payment_failed},
    {"order failed", read_payment_failed},
}};

}  // namespace

std::string read_track(Message const& message, Event& event) {
    auto name = lower_ascii(message.json["event"].text(limits::id_bytes));
    if (name.empty()) return "a track call needs the name of its event";
    std::replace(name.begin(), name.end(), '_', ' ');
    auto const named = [&](auto const& entry) { return entry.first == name; };
    auto const found = std::find_if(readers.begin(), readers.end(), named);
    return found == readers.end() ? std::string{} : found->second(message, event);
}

}  // namespace recoup::source::segment
