// BigCommerce webhooks (docs.bigcommerce.com, webhooks overview): Standard Webhooks signed with the app's client
// secret, or a bearer key among the hook's own headers. Payloads carry ids only: what they say about a cart's life is
// kept, contents and persons have to come from the pixel or from custom events that name the same cart_id.
#include "adapter/source/list.hpp"
#include "adapter/source/shared/event_parts.hpp"
#include "adapter/source/shared/json.hpp"
#include "adapter/source/shared/signature.hpp"
#include "adapter/source/shared/standard_webhooks.hpp"
#include "adapter/source/shared/text.hpp"

#include <algorithm>
#include <array>

namespace recoup::source {
namespace {

constexpr std::array<std::string_view, 2> kinds{"hmac", "bearer"};

/// One client secret signs for all stores of an app; a store's own host names it.
bool is_foreign(Json body, Shop const& shop) {
    constexpr std::string_view before = "store-", behind = ".mybigcommerce.com";
    auto const domain = lower_ascii(shop.domain);
    bool const telling =
        domain.starts_with(before) && domain.ends_with(behind) && domain.size() > before.size() + behind.size();
    if (!telling) return false;
    auto const hash = domain.substr(before.size(), domain.size() - before.size() - behind.size());
    return lower_ascii(body["producer"].text()) != "stores/" + hash;
}

/// A line item names its cart beside itself.
std::string cart_of(Json data) {
    auto cart = data["cartId"].id();
    return cart.empty() ? data["id"].id() : cart;
}

std::string read_cart(std::string_view scope, Json data, Event& event) {
    add_key(event, KeyKind::cart_token, cart_of(data));
    if (event.keys.empty()) return "data needs the id of its cart";
    if (scope == "store/cart/abandoned") return {};  // BigCommerce's own opinion, no act of the shopper
    if (scope == "store/cart/deleted") {
        event.body = CartDeleted{};
        return {};
    }
    CartChanged cart;
    if (scope == "store/cart/converted") {  // the order's id is all there is of it, so it makes no order
        add_key(event, KeyKind::order_id, data["orderId"].id());
        cart.stage = Stage::payment;
        cart.completed_at = event.occurred_at;
    }
    event.body = std::move(cart);
    return {};
}

std::string read_data(std::string_view scope, Json data, Event& event) {
    if (scope.starts_with("store/cart/")) return read_cart(scope, data, event);
    if (scope.starts_with("store/order/")) add_key(event, KeyKind::order_id, data["id"].id());
    if (scope.starts_with("store/customer/")) add_key(event, KeyKind::customer_id, data["id"].id());
    if (scope == "store/app/uninstalled") event.body = ShopUninstalled{};
    return {};
}

class BigCommerce final : public Source {
public:
    std::string_view name() const override { return "bigcommerce"; }
    std::size_t body_limit() const override { return limits::pixel_body_bytes; }
    bool accepts(std::string_view type) const override { return type.empty() || type == "application/json"; }
    std::span<std::string_view const> secret_kinds() const override { return kinds; }

    Result<void> authenticate(SourceRequest const& request) const override {
        auto const authorization = request.http.header("authorization");
        if (authorization.empty()) {
            auto const verified = verify_standard_webhook(request, request.http.body, key_of_text);
            if (!verified) return verified;
        } else if (bearer_secret(request.secrets, bearer_key(authorization)) == nullptr) {
            return error(Errc::unauthorized, "");
        }
        auto const document = JsonDocument::parse(request.http.body);
        if (!document) return document.error();
        if (is_foreign(document->root(), request.shop)) return error(Errc::unauthorized, "");
        return {};
    }

    Result<Delivery> parse(SourceRequest const& request) const override {
        auto const document = JsonDocument::parse(request.http.body);
        if (!document) return document.error();
        auto const root = document->root();
        auto const scope = root["scope"].text(limits::id_bytes);
        if (!is_header_id(scope)) return error(Errc::invalid, "The body must be a callback with its scope.");
        // The hash covers what happened, not when: a cart that is updated twice must not look like one delivery.
        auto const id = scope + ":" + to_hex(sha256(request.http.body)).substr(0, 32);
        Event event = new_event(request, name(), id, scope);
        set_occurred(event, root["created_at"].unix_instant());
        if (auto missing = read_data(scope, root["data"], event); !missing.empty())
            dead_letter(event, std::move(missing), request.http.body);
        Delivery delivery;
        delivery.items.push_back({id, std::move(event)});
        return delivery;
    }

    HttpResponse answer(Delivery const&) const override { return accepted(); }
    HttpResponse preflight(SourceRequest const&) const override { return no_preflight(); }
};

}  // namespace

std::unique_ptr<Source> bigcommerce_source() {
    return std::make_unique<BigCommerce>();
}

}  // namespace recoup::source
