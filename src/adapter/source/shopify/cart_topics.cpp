// carts/* and checkouts/*. A cart webhook has no contact, no currency and no total; a checkout has all of them and the
// two tick-boxes. Shopify never says that something was abandoned.
#include "adapter/source/shared/event_parts.hpp"
#include "adapter/source/shared/sum.hpp"
#include "adapter/source/shared/text.hpp"
#include "adapter/source/shopify/topics.hpp"

namespace recoup::source::shopify {
namespace {

/// A cart's prices are plain strings; only the *_set pairs say in which currency.
std::string cart_currency(Topic const& topic) {
    for (auto const item : topic.body["line_items"].items(1))
        for (std::string_view const money : {"presentment_money", "shop_money"}) {
            auto const pair = item["price_set"][money];
            auto currency = upper_ascii(pair["currency_code"].text(3));
            if (currency.size() == 3 && pair["amount"].minor(currency) == item["price"].minor(currency)) return currency;
        }
    return topic.shop.currency;
}

Stage stage_of(Json body) {
    if (!body["gateway"].text().empty()) return Stage::payment;
    bool const address = body["shipping_address"].is_object() && body["shipping_address"].raw() != "{}";
    if (address || !body["shipping_lines"].items(1).empty()) return Stage::shipping;
    bool const contact = !body["email"].text().empty() || !body["phone"].text().empty();
    return contact ? Stage::contact : Stage::checkout;
}

void read_contact(Json body, std::string_view country, Event& event) {
    auto const customer = body["customer"];
    bool const sms = body["buyer_accepts_sms_marketing"].is_true();
    if (sms) add_key(event, KeyKind::phone, body["sms_marketing_phone"].text(), country);  // the one that said yes
    add_key(event, KeyKind::email, body["email"].text(), country);
    add_key(event, KeyKind::phone, body["phone"].text(), country);
    if (!has_key(event, KeyKind::email)) add_key(event, KeyKind::email, customer["email"].text(), country);
    if (!has_key(event, KeyKind::phone)) add_key(event, KeyKind::phone, customer["phone"].text(), country);
    add_key(event, KeyKind::customer_id, customer["id"].id());
}

/// A ticked box grants; an unticked one says nothing (the person may have agreed elsewhere).
void read_tick_boxes(Json body, std::string_view country, Event& event) {
    if (body["buyer_accepts_marketing"].is_true())
        add_consent(event, Channel::email, body["email"].text(), country, ConsentState::granted, "checkout");
    if (!body["buyer_accepts_sms_marketing"].is_true()) return;
    auto const own = body["sms_marketing_phone"].text();
    add_consent(event, Channel::sms, own.empty() ? body["phone"].text() : own, country, ConsentState::granted, "checkout");
}

/// A company's cart (B2B) goes by its own terms, whatever channel it came by.
std::string source_of(Json body) {
    return body["company"].is_object() ? "b2b" : body["source_name"].text(limits::id_bytes);
}

void read_place(Json body, Json address, CartChanged& cart) {
    auto const customer = body["customer"];
    auto const name = [&](std::string_view field) {
        auto own = customer[field].text();
        return own.empty() ? address[field].text() : own;
    };
    cart.first_name = name("first_name");
    cart.last_name = name("last_name");
    cart.locale = body["customer_locale"].text(limits::id_bytes);
    cart.country = upper_ascii(address["country_code"].text(2));
    cart.region = address["province_code"].text(limits::id_bytes);
    cart.postal_code = address["zip"].text(limits::id_bytes);
}

}  // namespace

std::string read_cart(Topic const& topic, Event& event) {
    auto const body = topic.body;
    auto token = body["token"].id();
    if (token.empty()) token = body["id"].id();
    add_key(event, KeyKind::cart_token, token);
    if (event.keys.empty()) return "a cart needs its token";
    if (!body["line_items"].is_array()) return "a cart needs line_items, [] when it is empty";
    set_occurred(event, changed_at(body));
    CartChanged cart;
    cart.stage = Stage::cart;
    cart.has_content = true;
    cart.currency = cart_currency(topic);
    cart.lines = read_lines(body["line_items"], cart.currency);
    cart.subtotal_minor = value_of(cart.lines);
    cart.total_minor = cart.subtotal_minor;
    cart.created_at = body["created_at"].instant();
    event.body = std::move(cart);
    return {};
}

std::string read_checkout(Topic const& topic, Event& event) {
    auto const body = topic.body;
    auto const address = first_address(body, {"shipping_address", "billing_address"});
    auto const country = phone_country(address, topic.shop);
    add_key(event, KeyKind::cart_token, body["cart_token"].id());
    add_key(event, KeyKind::checkout_token, body["token"].id());
    if (event.keys.empty()) return "a checkout needs its token or cart_token";
    read_contact(body, country, event);
    read_tick_boxes(body, country, event);
    set_occurred(event, changed_at(body));
    CartChanged cart;
    cart.stage = stage_of(body);
    cart.currency = currency_of(topic);
    cart.has_content = body["line_items"].is_array();
    cart.lines = read_lines(body["line_items"], cart.currency);
    cart.subtotal_minor = body["subtotal_price"].minor(cart.currency).value_or(value_of(cart.lines));
    cart.total_minor = body["total_price"].minor(cart.currency).value_or(cart.subtotal_minor);
    cart.discount_codes = read_discount_codes(body["discount_codes"]);
    cart.recovery_url = body["abandoned_checkout_url"].url();
    cart.gateway = body["gateway"].text(limits::id_bytes);
    cart.created_at = body["created_at"].instant();
    cart.completed_at = body["completed_at"].instant();
    cart.source_name = source_of(body);
    cart.address_mark = mark_of(topic, address);
    read_place(body, address, cart);
    event.body = std::move(cart);
    return {};
}

/// An order or invoice that the store's people make for somebody: no cart of theirs, and a reason to leave them alone.
std::string read_draft_order(Topic const& topic, Event& event) {
    auto const body = topic.body;
    auto const country = phone_country(first_address(body, {"shipping_address", "billing_address"}), topic.shop);
    read_contact(body, country, event);
    if (event.keys.empty()) return {};   // for nobody yet
    set_occurred(event, changed_at(body));
    CartChanged draft;
    draft.source_name = "shopify_draft_order";
    draft.created_at = body["created_at"].instant();
    event.body = std::move(draft);
    return {};
}

std::string read_checkout_deleted(Topic const& topic, Event& event) {
    add_key(event, KeyKind::cart_token, topic.body["cart_token"].id());
    add_key(event, KeyKind::checkout_token, topic.body["token"].id());
    if (event.keys.empty()) return "a deleted checkout needs its cart_token";
    set_occurred(event, changed_at(topic.body));
    event.body = CartDeleted{};
    return {};
}

}  // namespace recoup::source::shopify
