#pragma once
// ShopDirectory: the shops and their secrets as ingest sees them: a snapshot in memory, refreshed behind its back.

#include "recoup/domain/shop.hpp"

#include <memory>
#include <string_view>
#include <vector>

namespace recoup {

struct ShopAccess {
    Shop shop;
    std::vector<ShopSecret> secrets;   // of every source; also those past their end
};

/// Thread-safe; never blocks.
class ShopDirectory {
public:
    virtual ~ShopDirectory() = default;
    /// Null when there is no such shop. The snapshot stays valid as long as it is held.
    virtual std::shared_ptr<ShopAccess const> find(std::string_view shop_id) const = 0;
};

}  // namespace recoup
