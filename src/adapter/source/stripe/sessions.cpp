// checkout.session.*: Stripe's hosted checkout. An expired one is a cart left behind; a finished one ends its cart.
#include "adapter/source/shared/event_parts.hpp"
#include "adapter/source/shared/sum.hpp"
#include "adapter/source/shared/text.hpp"
#include "adapter/source/stripe/notice.hpp"

#include <algorithm>

namespace recoup::source::stripe {
namespace {

/// What was bought before is named by the link that brought the shopper back.
void add_session_keys(Notice const& notice, Event& event) {
    auto const session = notice.object;
    add_metadata_keys(session, event);
    add_key(event, KeyKind::checkout_token, session["id"].id());
    add_key(event, KeyKind::checkout_token, session["recovered_from"].id());
    add_customer_key(session, event);
    add_contact(session["customer_details"], notice.shop, event);
    if (!has_key(event, KeyKind::email)) add_key(event, KeyKind::email, session["customer_email"].text());
}

/// Only there when the endpoint's events come with expanded line_items.
std::vector<Line> lines_of(Json session, std::string_view currency) {
    std::vector<Line> lines;
    for (auto const json : session["line_items"]["data"].items(limits::cart_lines)) {
        Line line;
        line.product_id = id_of(json["price"]["product"]);
        line.variant_id = id_of(json["price"]);
        line.title = json["description"].text();
        line.quantity = std::clamp<std::int64_t>(json["quantity"].integer().value_or(1), 1, limits::pieces_per_line);
        line.price_minor = minor_of(json["price"]["unit_amount"], currency).value_or(0);
        lines.push_back(std::move(line));
    }
    return lines;
}

/// The box "keep me informed about offers", where Stripe shows it.
void add_promotion_consent(Notice const& notice, Event& event) {
    auto const said = notice.object["consent"]["promotions"].text();
    auto const email = notice.object["customer_details"]["email"].text();
    if (said == "opt_in") add_consent(event, Channel::email, email, {}, ConsentState::granted, "checkout");
    if (said == "opt_out") add_consent(event, Channel::email, email, {}, ConsentState::denied, "checkout");
}

CartChanged cart_of(Notice const& notice) {
    auto const session = notice.object;
    auto const address = session["customer_details"]["address"];
    CartChanged cart;
    cart.stage = session["customer_details"]["email"].text().empty() ? Stage::checkout : Stage::contact;
    cart.currency = currency_of(notice);
    cart.lines = lines_of(session, cart.currency);
    cart.has_content = !cart.lines.empty();
    cart.subtotal_minor = minor_of(session["amount_subtotal"], cart.currency).value_or(value_of(cart.lines));
    cart.total_minor = minor_of(session["amount_total"], cart.currency).value_or(cart.subtotal_minor);
    cart.recovery_url = session["after_expiration"]["recovery"]["url"].url();
    cart.country = upper_ascii(address["country"].text(2));
    cart.region = address["state"].text(limits::id_bytes);
    cart.postal_code = address["postal_code"].text(limits::id_bytes);
    if (auto const locale = session["locale"].text(limits::id_bytes); locale != "auto") cart.locale = locale;
    cart.created_at = session["created"].unix_instant();
    return cart;
}

}  // namespace

std::string read_session(Notice const& notice, Event& event) {
    auto const session = notice.object;
    auto const id = session["id"].id();
    if (id.empty()) return "a session needs its id";
    add_session_keys(notice, event);
    add_promotion_consent(notice, event);
    if (notice.type == "checkout.session.expired") {
        event.body = cart_of(notice);
        return {};
    }
    bool const failed = notice.type == "checkout.session.async_payment_failed";
    bool const paid = session["payment_status"].text() == "paid";
    if (!failed && !paid) return {};  // finished, and the money is under way or not needed
    auto group = id_of(session["payment_intent"]);
    if (group.empty()) group = id_of(session["invoice"]);
    auto payment = payment_of(notice, group.empty() ? id : group, failed ? PaymentState::failed : PaymentState::paid,
                              session["amount_total"], event);
    payment.attempt_id = id;
    if (session["mode"].text() == "subscription") payment.kind = PaymentKind::recurring;
    event.body = std::move(payment);
    return {};
}

std::optional<Event> finished_cart(Notice const& notice, Event const& event) {
    bool const finished =
        notice.type == "checkout.session.completed" || notice.type == "checkout.session.async_payment_succeeded";
    if (!finished || std::holds_alternative<DeadLettered>(event.body)) return std::nullopt;
    Event second = event;
    second.id += ":cart";
    auto cart = cart_of(notice);
    cart.stage = Stage::payment;
    cart.completed_at = event.occurred_at;
    second.body = std::move(cart);
    return second;
}

}  // namespace recoup::source::stripe
