// order.*: an order is a checkout until it is paid or otherwise placed (woocommerce.com/document/managing-orders).
#include "adapter/source/shared/event_parts.hpp"
#include "adapter/source/shared/text.hpp"
#include "adapter/source/woocommerce/topics.hpp"
#include "core/mark/mark.hpp"

#include <algorithm>
#include <array>

namespace recoup::source::woocommerce {
namespace {

constexpr std::array<std::string_view, 3> paid_later{"bacs", "cheque", "cod"};

enum class Standing { open, failed, gone, placed };

bool is_paid(Json order) {
    auto const status = order["status"].text(limits::id_bytes);
    return status == "processing" || status == "completed" || gmt(order["date_paid_gmt"]) != never;
}

/// Shops cancel orders that wait too long for their payment: those were never placed, and cannot be paid any more.
Standing standing_of(Json order) {
    auto const status = order["status"].text(limits::id_bytes);
    auto const method = order["payment_method"].text(limits::id_bytes);
    bool const promised = std::find(paid_later.begin(), paid_later.end(), method) != paid_later.end();
    if (is_paid(order)) return Standing::placed;
    if (status == "pending" || status == "checkout-draft") return Standing::open;
    if (status == "failed") return Standing::failed;
    if (status == "trash" || (status == "cancelled" && !promised)) return Standing::gone;
    return Standing::placed;  // on-hold, refunded, and what plug-ins add behind a placed order
}

std::string currency_of(Topic const& topic) {
    auto currency = upper_ascii(topic.body["currency"].text());
    return currency.size() == 3 ? currency : topic.shop.currency;
}

/// After discounts; the price member is a number that rounding has been at, the total is exact.
std::int64_t price_of(Json item, std::int64_t quantity, std::string_view currency) {
    if (auto const total = item["total"].minor(currency)) return *total / quantity;
    return item["price"].minor(currency).value_or(0);
}

std::vector<Line> lines_of(Json order, std::string_view currency) {
    std::vector<Line> lines;
    for (auto const item : order["line_items"].items(limits::cart_lines)) {
        auto const quantity = item["quantity"].integer().value_or(1);
        if (!item.is_object() || quantity < 1) continue;
        Line line;
        line.product_id = item["product_id"].id();
        line.variant_id = item["variation_id"].integer().value_or(0) > 0 ? item["variation_id"].id() : line.product_id;
        line.sku = item["sku"].text(limits::id_bytes);
        line.title = item["name"].text();
        line.image_url = item["image"]["src"].url();
        line.quantity = std::min(quantity, limits::pieces_per_line);
        line.price_minor = price_of(item, line.quantity, currency);
        lines.push_back(std::move(line));
    }
    return lines;
}

std::int64_t subtotal_of(Json order, std::string_view currency) {
    std::int64_t sum = 0;
    for (auto const item : order["line_items"].items(limits::cart_lines)) {
        std::int64_t next = 0;
        if (!__builtin_add_overflow(sum, item["total"].minor(currency).value_or(0), &next)) sum = next;
    }
    return sum;
}

std::vector<std::string> coupons_of(Json order) {
    std::vector<std::string> codes;
    for (auto const line : order["coupon_lines"].items(limits::discount_codes))
        if (auto code = line["code"].text(limits::id_bytes); !code.empty()) codes.push_back(std::move(code));
    return codes;
}

/// Its own id is all that order.deleted tells, so that is what a checkout goes by.
void add_order_token(Json order, Event& event) {
    auto const id = order["id"].id();
    if (!id.empty()) add_key(event, KeyKind::checkout_token, "woocommerce-order:" + id);
}

void add_order_keys(Topic const& topic, Event& event) {
    auto const billing = topic.body["billing"];
    auto const country = upper_ascii(billing["country"].text(2));
    add_key(event, KeyKind::order_id, topic.body["id"].id());
    add_order_token(topic.body, event);
    add_key(event, KeyKind::email, billing["email"].text());
    add_key(event, KeyKind::phone, billing["phone"].text(), country.empty() ? topic.shop.country : country);
    add_key(event, KeyKind::customer_id, topic.body["customer_id"].id());
}

std::string mark_of(Topic const& topic) {
    auto const billing = topic.body["billing"];
    auto const name = billing["last_name"].text(), street = billing["address_1"].text() + " " + billing["address_2"].text(),
               code = billing["postcode"].text(limits::id_bytes), city = billing["city"].text(), country = billing["country"].text(2);
    return core::address_mark(topic.shop.id, {name, street, code, city, country});
}

CartChanged checkout_of(Topic const& topic) {
    auto const order = topic.body;
    auto const billing = order["billing"];
    CartChanged cart;
    cart.stage = order["status"].text() == "pending" ? Stage::payment : Stage::checkout;
    cart.currency = currency_of(topic);
    cart.has_content = order["line_items"].is_array();
    cart.lines = lines_of(order, cart.currency);
    cart.subtotal_minor = subtotal_of(order, cart.currency);
    cart.total_minor = order["total"].minor(cart.currency).value_or(cart.subtotal_minor);
    cart.discount_codes = coupons_of(order);
    cart.recovery_url = order["payment_url"].url();
    cart.first_name = billing["first_name"].text();
    cart.last_name = billing["last_name"].text();
    cart.country = upper_ascii(billing["country"].text(2));
    cart.region = billing["state"].text(limits::id_bytes);
    cart.postal_code = billing["postcode"].text(limits::id_bytes);
    cart.gateway = order["payment_method"].text(limits::id_bytes);
    cart.created_at = gmt(order["date_created_gmt"]);
    cart.source_name = order["created_via"].text(limits::id_bytes);
    cart.address_mark = mark_of(topic);
    return cart;
}

PaymentChanged failure_of(Topic const& topic, Event const& event) {
    PaymentChanged payment;
    payment.payment_id = topic.body["id"].id();
    payment.attempt_id = payment.payment_id + ":" + to_rfc3339(event.occurred_at);
    payment.amount.currency = currency_of(topic);
    payment.amount.minor = topic.body["total"].minor(payment.amount.currency).value_or(0);
    payment.recovery_url = topic.body["payment_url"].url();
    return payment;
}

OrderPlaced order_of(Topic const& topic, Event const& event) {
    auto const json = topic.body;
    auto const billing = json["billing"];
    OrderPlaced order;
    order.order_id = json["id"].id();
    if (auto const number = json["number"].text(limits::id_bytes); !number.empty()) order.order_name = "#" + number;
    order.placed_at = gmt(json["date_created_gmt"]);
    order.total.currency = currency_of(topic);
    order.total.minor = json["total"].minor(order.total.currency).value_or(0);
    order.subtotal_minor = subtotal_of(json, order.total.currency);
    order.lines = lines_of(json, order.total.currency);
    order.discount_codes = coupons_of(json);
    order.financial_status = lower_ascii(json["status"].text(limits::id_bytes));
    order.paid = is_paid(json);
    if (order.financial_status == "cancelled") order.cancelled_at = event.occurred_at;
    order.first_name = billing["first_name"].text();
    order.last_name = billing["last_name"].text();
    order.country = upper_ascii(billing["country"].text(2));
    order.region = billing["state"].text(limits::id_bytes);
    order.postal_code = billing["postcode"].text(limits::id_bytes);
    order.renewal = json["created_via"].text(limits::id_bytes) == "subscription";
    order.address_mark = mark_of(topic);
    return order;
}

}  // namespace

std::string read_order(Topic const& topic, Event& event) {
    add_order_keys(topic, event);
    if (!has_key(event, KeyKind::order_id)) return "an order needs its id";
    if (topic.body["status"].text().empty()) return "an order needs its status";
    set_occurred(event, gmt(topic.body["date_modified_gmt"]));
    switch (standing_of(topic.body)) {
        case Standing::open: event.body = checkout_of(topic); break;
        case Standing::failed: event.body = failure_of(topic, event); break;
        case Standing::gone: event.body = CartDeleted{}; break;
        case Standing::placed: event.body = order_of(topic, event); break;
    }
    return {};
}

std::string read_order_deleted(Topic const& topic, Event& event) {
    add_order_token(topic.body, event);
    if (event.keys.empty()) return "an order needs its id";
    event.body = CartDeleted{};
    return {};
}

std::vector<Event> more_of(Topic const& topic, Event const& event) {
    std::vector<Event> more;
    if (std::holds_alternative<PaymentChanged>(event.body)) {
        Event ended = event;
        ended.id += ":cart";
        ended.body = CartDeleted{};
        more.push_back(std::move(ended));
    }
    auto const* order = std::get_if<OrderPlaced>(&event.body);
    if (order == nullptr) return more;
    for (auto const json : topic.body["refunds"].items(limits::batch_items - 1)) {
        auto const id = json["id"].id();
        auto const total = json["total"].minor(order->total.currency);
        if (id.empty() || !total) continue;
        Event refund = event;
        refund.id = event.source + ":refund:" + order->order_id + ":" + id;
        refund.topic = "order.refunded";
        refund.body = OrderRefunded{order->order_id, id, *total < 0 ? -*total : *total};
        more.push_back(std::move(refund));
    }
    return more;
}

}  // namespace recoup::source::woocommerce
