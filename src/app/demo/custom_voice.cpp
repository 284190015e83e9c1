#include "app/demo/voice.hpp"

#include <nlohmann/json.hpp>

#include <array>

namespace recoup::demo {
namespace {

using Json = nlohmann::json;

Json lines(Basket const& basket) {
    auto list = Json::array();
    for (auto const& pick : basket) {
        auto const& article = catalog()[pick.article];
        list.push_back({{"product_id", std::to_string(article.product_id)},
                        {"variant_id", std::to_string(article.variant_id)},
                        {"sku", article.sku},
                        {"title", article.title},
                        {"variant_title", article.variant_title},
                        {"quantity", pick.quantity},
                        {"price", price_text(article.price_minor)}});
    }
    return list;
}

Json cart_data(Shopper const& shopper, Basket const& basket) {
    return {{"cart_id", shopper.cart_token},
            {"customer", {{"anonymous_id", shopper.anonymous_id}}},
            {"currency", "USD"},
            {"total", price_text(total_minor(basket))},
            {"lines", lines(basket)}};
}

Json contact(Shopper const& shopper) {
    Json customer = {{"id", std::to_string(shopper.customer_id)},
                     {"anonymous_id", shopper.anonymous_id},
                     {"email", shopper.email},
                     {"first_name", shopper.first_name},
                     {"last_name", shopper.last_name}};
    if (!shopper.phone.empty()) customer["phone"] = shopper.phone;
    return customer;
}

Json contact_and_address(Shopper const& shopper) {
    auto customer = contact(shopper);
    customer["country"] = shopper.region.country;
    customer["region"] = shopper.region.code;
    customer["postal_code"] = shopper.region.postal_code;
    return customer;
}

Action event(std::string type, Json data, Instant at) {
    Action action;
    action.kind = ActionKind::custom;
    action.body = Json{{"type", type}, {"timestamp", to_rfc3339(at)}, {"data", std::move(data)}}.dump();
    action.topic = std::move(type);
    action.occurred_at = at;
    return action;
}

}  // namespace

std::string_view decline_code(Shopper const& shopper) {
    constexpr std::array<std::string_view, 4> codes{"card_declined", "insufficient_funds", "expired_card", "incorrect_cvc"};
    return codes[static_cast<std::size_t>(shopper.number) % codes.size()];
}

Action CustomVoice::cart(Shopper const& shopper, Basket const& basket, bool, Instant at) const {
    return event("cart.updated", cart_data(shopper, basket), at);
}

Action CustomVoice::checkout(Shopper const& shopper, Basket const& basket, Stage stage, bool first, Instant at) const {
    auto data = cart_data(shopper, basket);
    data["checkout_id"] = shopper.checkout_token;
    data["stage"] = name(stage);
    data["recovery_url"] = "https://shop.example/checkout/" + shopper.checkout_token;
    if (stage >= Stage::contact) {
        auto& customer = data["customer"] = stage >= Stage::shipping ? contact_and_address(shopper) : contact(shopper);
        customer["accepts_email_marketing"] = shopper.email_consent;
        customer["accepts_sms_marketing"] = shopper.sms_consent;
    }
    if (stage >= Stage::payment) data["gateway"] = "card";
    return event(first ? "checkout.started" : "checkout.updated", std::move(data), at);
}

Action CustomVoice::order(Shopper const& shopper, Basket const& basket, OrderStep step, Instant placed, Instant at) const {
    auto data = cart_data(shopper, basket);
    data["order_id"] = order_name(shopper);
    data["checkout_id"] = shopper.checkout_token;
    data["placed_at"] = to_rfc3339(placed);
    data["paid"] = step != OrderStep::placed_unpaid;
    data["customer"] = contact_and_address(shopper);
    return event(step == OrderStep::cancelled ? "order.cancelled" : "order.completed", std::move(data), at);
}

Action CustomVoice::payment(Shopper const& shopper, Basket const& basket, PaymentState state, int attempt,
                            Instant at) const {
    Json data = {{"payment_id", "P-" + std::to_string(shopper.order_id)},
                 {"attempt_id", "P-" + std::to_string(shopper.order_id) + "-" + std::to_string(attempt)},
                 {"order_id", order_name(shopper)},
                 {"amount", price_text(total_minor(basket))},
                 {"currency", "USD"},
                 {"recovery_url", "https://shop.example/pay/" + shopper.order_token},
                 {"customer", contact(shopper)}};
    if (state == PaymentState::failed) data["decline_code"] = decline_code(shopper);
    return event(state == PaymentState::failed ? "payment.failed" : "payment.recovered", std::move(data), at);
}

Action CustomVoice::refund(Shopper const& shopper, Basket const& basket, Instant at) const {
    return event("order.refunded",
                 {{"order_id", order_name(shopper)},
                  {"refund_id", "R-" + std::to_string(shopper.order_id)},
                  {"amount", price_text(catalog()[basket.front().article].price_minor)},
                  {"currency", "USD"}},
                 at);
}

Action CustomVoice::consent(Shopper const& shopper, Channel channel, bool granted, Instant at) const {
    Json const data = {{"channel", name(channel)},
                       {"state", granted ? "granted" : "revoked"},
                       {"address", channel == Channel::sms ? shopper.phone : shopper.email},
                       {"customer", {{"id", std::to_string(shopper.customer_id)}}}};
    return event("consent.updated", data, at);
}

}  // namespace recoup::demo
