#include "core/codec/scrub.hpp"

#include "recoup/domain/world.hpp"

#include <algorithm>

namespace recoup::core {
namespace {

bool about_somebody_erased(Event const& event, std::map<std::string, Instant, std::less<>> const& hashes) {
    auto const covers = [&](std::string_view hash) {
        auto const it = hashes.find(hash);
        return it != hashes.end() && event.occurred_at <= it->second;
    };
    return covers("shop") || std::any_of(event.keys.begin(), event.keys.end(),
                                         [&](IdentityKey const& key) { return covers(key_hash(event.shop_id, key)); });
}

bool holds_nothing(Event const& event) {
    return event.keys.empty() && event.consents.empty() && std::holds_alternative<UnknownHappened>(event.body);
}

OrderPlaced only_money(OrderPlaced order) {
    order.landing_site.clear();
    order.address_mark.clear();
    for (auto* text : {&order.first_name, &order.last_name, &order.country, &order.region, &order.postal_code}) text->clear();
    return order;
}

}  // namespace

std::optional<Event> scrubbed(Event const& event, ErasedHashes const& erased) {
    auto const shop = erased.find(event.shop_id);
    if (shop == erased.end() || holds_nothing(event) || !about_somebody_erased(event, shop->second)) return std::nullopt;
    Event bare = event;
    bare.consents.clear();
    if (auto const* order = std::get_if<OrderPlaced>(&event.body)) {
        std::erase_if(bare.keys, [](IdentityKey const& key) { return key.kind != KeyKind::order_id; });
        bare.body = only_money(*order);
        if (bare.keys == event.keys) return std::nullopt;   // it was done before
    } else {
        bare.keys.clear();
        bare.body = UnknownHappened{};
    }
    return bare;
}

}  // namespace recoup::core
