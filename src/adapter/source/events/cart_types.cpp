// cart.updated, checkout.started, checkout.updated, cart.deleted.
#include "adapter/source/events/types.hpp"
#include "adapter/source/shared/event_parts.hpp"
#include "adapter/source/shared/sum.hpp"
#include "adapter/source/shared/text.hpp"

namespace recoup::source::events {
namespace {

Stage stage_of(Item const& item) {
    if (auto const said = stage_from(item.data["stage"].text(limits::id_bytes)); said && *said >= Stage::cart) return *said;
    if (item.type == "cart.updated") return Stage::cart;
    auto const customer = customer_of(item.data);
    bool const contact = !customer["email"].text().empty() || !customer["phone"].text().empty();
    return contact ? Stage::contact : Stage::checkout;
}

bool add_cart_keys(Json data, Event& event) {
    add_key(event, KeyKind::cart_token, data["cart_id"].id());
    add_key(event, KeyKind::checkout_token, data["checkout_id"].id());
    return !event.keys.empty();
}

}  // namespace

std::string read_cart(Item const& item, Event& event) {
    auto const data = item.data;
    if (!add_cart_keys(data, event)) return "data needs cart_id or checkout_id";
    auto const customer = customer_of(data);
    add_customer_keys(item, event);
    add_consents(item, event);
    CartChanged cart;
    cart.stage = stage_of(item);
    cart.currency = currency_of(item);
    cart.has_content = data["lines"].is_array();
    cart.lines = read_lines(data["lines"], cart.currency);
    cart.subtotal_minor = data["subtotal"].minor(cart.currency).value_or(value_of(cart.lines));
    cart.total_minor = data["total"].minor(cart.currency).value_or(cart.subtotal_minor);
    cart.discount_codes = read_codes(data["discount_codes"]);
    cart.recovery_url = link_of(data);
    cart.first_name = customer["first_name"].text();
    cart.last_name = customer["last_name"].text();
    cart.locale = customer["locale"].text(limits::id_bytes);
    cart.country = upper_ascii(customer["country"].text(2));
    cart.region = customer["region"].text(limits::id_bytes);
    cart.postal_code = customer["postal_code"].text(limits::id_bytes);
    cart.gateway = data["gateway"].text(limits::id_bytes);
    cart.created_at = data["created_at"].instant();
    cart.completed_at = data["completed_at"].instant();
    cart.source_name = data["source_name"].text(limits::id_bytes);
    cart.address_mark = mark_of(event.shop_id, customer);
    event.body = std::move(cart);
    return {};
}

std::string read_cart_deleted(Item const& item, Event& event) {
    if (!add_cart_keys(item.data, event)) return "data needs cart_id or checkout_id";
    event.body = CartDeleted{};
    return {};
}

}  // namespace recoup::source::events
