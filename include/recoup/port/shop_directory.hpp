#pragma once
// Shop directory: who may send and with which secrets. A snapshot in memory; looking up never blocks.

#include "recoup/domain/shop.hpp"

#include <memory>
#include <string_view>
#include <vector>

namespace recoup {

struct ShopAccess {
    Shop shop;
    std::vector<ShopSecret> secrets;   // of every source, also those past not_after
};

/// Thread-safe.
class ShopDirectory {
public:
    virtual ~ShopDirectory() = default;
    /// nullptr = unknown shop.
    virtual std::shared_ptr<ShopAccess const> find(std::string_view shop_id) const = 0;
};

}  // namespace recoup
