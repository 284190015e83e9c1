#include "service/ingest/key_desk.hpp"

#include "core/key/shop_key.hpp"

#include <algorithm>

namespace recoup::service::ingest {

bool keep_to_scopes(ShopSecret const& key, Delivery& delivery) {
    bool any_refused = false;
    for (auto& item : delivery.items) {
        if (!item.event || core::scopes_allow(key.scopes, item.event->topic)) continue;
        item.event = error(Errc::forbidden, "This key may not send " + item.event->topic + ".");
        any_refused = true;
    }
    return any_refused && std::all_of(delivery.items.begin(), delivery.items.end(), [](SourceItem const& item) {
               return !item.event && item.event.error().code == Errc::forbidden;
           });
}

void KeyDesk::note(ShopSecret const& key, Instant now) {
    auto const name = key.shop_id + '\0' + key.source + '\0' + key.secret;
    std::lock_guard const lock(mutex_);
    auto const [it, fresh] = used_.try_emplace(name, key);
    it->second.last_used_at = std::max(now, fresh ? never : it->second.last_used_at);
}

std::vector<ShopSecret> KeyDesk::take() {
    std::lock_guard const lock(mutex_);
    std::vector<ShopSecret> taken;
    for (auto& [name, key] : used_) taken.push_back(std::move(key));
    used_.clear();
    return taken;
}

}  // namespace recoup::service::ingest
