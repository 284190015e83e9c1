// payment_intent.*, charge.*, invoice.*: attempts to pay. The payment intent is what they have in common where they
// name it.
#include "adapter/source/shared/event_parts.hpp"
#include "adapter/source/shared/text.hpp"
#include "adapter/source/stripe/notice.hpp"

namespace recoup::source::stripe {
namespace {

/// The bank's own code when there is one. What Radar blocks is a suspicion of fraud.
std::string decline_code_of_charge(Json charge) {
    auto const outcome = charge["outcome"];
    auto const reason = lower_ascii(outcome["reason"].text(limits::id_bytes));
    if (outcome["type"].text() == "blocked") return "fraudulent";
    return reason.empty() ? lower_ascii(charge["failure_code"].text(limits::id_bytes)) : reason;
}

std::string decline_code_of_error(Json failure) {
    auto code = lower_ascii(failure["decline_code"].text(limits::id_bytes));
    return code.empty() ? lower_ascii(failure["code"].text(limits::id_bytes)) : code;
}

std::string subscription_of(Json invoice) {
    auto const own = id_of(invoice["subscription"]);
    return own.empty() ? id_of(invoice["parent"]["subscription_details"]["subscription"]) : own;
}

/// Old versions name it at the top, newer ones in the list of payments, and only when that is sent along.
std::string intent_of(Json invoice) {
    auto const own = id_of(invoice["payment_intent"]);
    if (!own.empty()) return own;
    for (auto const payment : invoice["payments"]["data"].items(1)) return id_of(payment["payment"]["payment_intent"]);
    return {};
}

}  // namespace

std::string read_payment_intent(Notice const& notice, Event& event) {
    auto const intent = notice.object;
    auto const id = intent["id"].id();
    if (id.empty()) return "a payment_intent needs its id";
    bool const failed = notice.type == "payment_intent.payment_failed";
    auto const failure = intent["last_payment_error"];
    auto const received = failed ? Json{} : intent["amount_received"];
    auto payment = payment_of(notice, id, failed ? PaymentState::failed : PaymentState::paid,
                              received.integer().value_or(0) > 0 ? received : intent["amount"], event);
    add_key(event, KeyKind::email, intent["receipt_email"].text());
    add_contact(failure["payment_method"]["billing_details"], notice.shop, event);
    auto const charge = id_of(intent["latest_charge"]);
    payment.attempt_id = failed && !id_of(failure["charge"]).empty() ? id_of(failure["charge"]) : charge;
    if (payment.attempt_id.empty()) payment.attempt_id = event.id;
    if (intent["invoice"].present()) payment.kind = PaymentKind::recurring;
    if (failed) payment.decline_code = decline_code_of_error(failure);
    event.body = std::move(payment);
    return {};
}

std::string read_charge(Notice const& notice, Event& event) {
    auto const charge = notice.object;
    auto const id = charge["id"].id();
    if (id.empty()) return "a charge needs its id";
    auto const intent = id_of(charge["payment_intent"]);
    auto payment = payment_of(notice, intent.empty() ? id : intent, PaymentState::failed, charge["amount"], event);
    add_key(event, KeyKind::email, charge["receipt_email"].text());
    add_contact(charge["billing_details"], notice.shop, event);
    payment.attempt_id = id;
    if (charge["invoice"].present()) payment.kind = PaymentKind::recurring;
    payment.decline_code = decline_code_of_charge(charge);
    event.body = std::move(payment);
    return {};
}

/// amount_refunded is the sum of all refunds of the charge: what this one gave back is its growth. Without the store's
/// own order id there is no order to lower; it is kept.
std::string read_charge_refunded(Notice const& notice, Event& event) {
    auto const charge = notice.object;
    add_metadata_keys(charge, event);
    add_customer_key(charge, event);
    auto const order = charge["metadata"]["order_id"].id();
    auto const currency = currency_of(notice);
    auto const sum = minor_of(charge["amount_refunded"], currency);
    if (!sum) return "a refunded charge needs amount_refunded";
    if (order.empty()) return {};
    OrderRefunded refund;
    refund.order_id = order;
    refund.refund_id = event.id;
    refund.amount_minor = *sum - minor_of(notice.previous["amount_refunded"], currency).value_or(0);
    event.body = std::move(refund);
    return {};
}

std::string read_invoice(Notice const& notice, Event& event) {
    auto const invoice = notice.object;
    auto const id = invoice["id"].id();
    if (id.empty()) return "an invoice needs its id";
    bool const failed = notice.type == "invoice.payment_failed";
    auto const owed =
        invoice["amount_remaining"].integer().value_or(0) > 0 ? invoice["amount_remaining"] : invoice["amount_due"];
    auto const intent = intent_of(invoice);
    auto payment = payment_of(notice, intent.empty() ? id : intent, failed ? PaymentState::failed : PaymentState::paid,
                              failed ? owed : invoice["amount_paid"], event);
    add_key(event, KeyKind::email, invoice["customer_email"].text());
    add_key(event, KeyKind::phone, invoice["customer_phone"].text(), notice.shop.country);
    payment.attempt_id = id + ":" + invoice["attempt_count"].text(limits::id_bytes);
    auto const reason = invoice["billing_reason"].text();
    payment.subscription_id = subscription_of(invoice);
    if (!payment.subscription_id.empty() || reason.starts_with("subscription")) payment.kind = PaymentKind::recurring;
    payment.recovery_url = invoice["hosted_invoice_url"].url();
    event.body = std::move(payment);
    return {};
}

}  // namespace recoup::source::stripe
