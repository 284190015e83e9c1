#pragma once
// ShopDirectory over the memory tables; secrets are given by the test.

#include "adapter/memory/database.hpp"

#include "recoup/port/shop_directory.hpp"

namespace recoup::memory {

class MemoryShopDirectory final : public ShopDirectory {
public:
    explicit MemoryShopDirectory(Database& database, std::vector<ShopSecret> secrets = {})
        : database_(database), secrets_(std::move(secrets)) {}

    std::shared_ptr<ShopAccess const> find(std::string_view shop_id) const override;

private:
    Database& database_;
    std::vector<ShopSecret> secrets_;
};

}  // namespace recoup::memory
