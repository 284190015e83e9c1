#include "adapter/memory/shop_directory.hpp"

namespace recoup::memory {

std::shared_ptr<ShopAccess const> MemoryShopDirectory::find(std::string_view shop_id) const {
    auto access = std::make_shared<ShopAccess>();
    auto const known = database_.run([&](State& state) {
        auto const* shop = state.shops.find(std::string(shop_id));
        if (shop != nullptr) access->shop = *shop;
        return shop != nullptr;
    });
    if (!*known) return nullptr;
    for (auto const& secret : secrets_)
        if (secret.shop_id == shop_id) access->secrets.push_back(secret);
    return access;
}

}  // namespace recoup::memory
