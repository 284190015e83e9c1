#include "core/plan/stops.hpp"

#include "core/codec/event_codec.hpp"
#include "core/mark/mark.hpp"

#include "recoup/base/digest.hpp"

#include <algorithm>

namespace recoup::core {
namespace {

std::int64_t stop_hash(std::string_view shop_id, std::string_view kind, std::string_view value) {
    std::string text(shop_id);
    (((text += '\0') += kind) += '\0') += value;
    return static_cast<std::int64_t>(stable_hash(text));
}

std::int64_t stop_hash(std::string_view shop_id, IdentityKey const& key) {
    return stop_hash(shop_id, name(key.kind), key.value);
}

/// Of everybody in the shop.
std::int64_t shop_hash(std::string_view shop_id) { return stop_hash(shop_id, "shop", ""); }

struct Stops {
    bool operator()(CartChanged const& body) const { return body.has_content && body.lines.empty(); }
    bool operator()(PaymentChanged const& body) const { return body.state == PaymentState::paid; }
    bool operator()(ConsentChanged const& body) const { return body.state != ConsentState::granted || body.suppress; }
    bool operator()(SubscriptionChanged const& body) const { return body.active; }
    bool operator()(CartDeleted const&) const { return true; }
    bool operator()(OrderPlaced const&) const { return true; }
    bool operator()(PersonErased const&) const { return true; }
    template <class Body>
    bool operator()(Body const&) const {
        return false;
    }
};

void tidy(std::vector<std::int64_t>& hashes) {
    std::sort(hashes.begin(), hashes.end());
    hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
}

}  // namespace

std::vector<std::int64_t> stops_of(Event const& event) {
    std::vector<std::int64_t> hashes;
    if (std::holds_alternative<ShopErased>(event.body) || std::holds_alternative<ShopUninstalled>(event.body))
        return {shop_hash(event.shop_id)};
    bool stops = std::visit(Stops{}, event.body);
    for (auto const& consent : event.consents) stops = stops || Stops{}(consent);
    if (!stops) return hashes;
    for (auto const& key : event.keys) hashes.push_back(stop_hash(event.shop_id, key));
    if (auto const* consent = std::get_if<ConsentChanged>(&event.body)) {
        bool const mail = consent->channel == Channel::email;
        hashes.push_back(stop_hash(event.shop_id, {mail ? KeyKind::email : KeyKind::phone, consent->address}));
    }
    if (auto const* order = std::get_if<OrderPlaced>(&event.body))
        for (auto const& mark : {order->address_mark, link_mark(order->landing_site)})
            if (!mark.empty()) hashes.push_back(stop_hash(event.shop_id, "mark", mark));
    tidy(hashes);
    return hashes;
}

std::vector<std::int64_t> stoppable_by(std::string_view shop_id, Person const& person, Cart const* cart) {
    std::vector<std::int64_t> hashes{shop_hash(shop_id)};
    for (auto const& key : person.keys) hashes.push_back(stop_hash(shop_id, key));
    if (cart != nullptr)
        for (auto const& token : cart->tokens) hashes.push_back(stop_hash(shop_id, token));
    if (cart != nullptr && cart->address_mark.known()) hashes.push_back(stop_hash(shop_id, "mark", cart->address_mark.value));
    tidy(hashes);
    return hashes;
}

LogRecord log_record(Event const& event) { return {event.log_key(), encode_event(event), stops_of(event)}; }

}  // namespace recoup::core
