#pragma once
// AccessStore on Postgres.

#include "adapter/postgres/connection.hpp"

#include "recoup/port/access_store.hpp"

namespace recoup::postgres {

class PostgresAccessStore final : public AccessStore {
public:
    explicit PostgresAccessStore(Pool& pool) : pool_(pool) {}

    Result<std::vector<ShopSecret>> keys(std::string_view shop_id) override;
    Result<void> add_key(ShopSecret const& key, Instant now) override;
    Result<void> end_key(ShopSecret const& key, Instant now) override;
    Result<std::vector<std::string>> origins(std::string_view shop_id) override;
    Result<void> set_origins(std::string_view shop_id, std::vector<std::string> const& origins) override;

private:
    Pool& pool_;
};

}  // namespace recoup::postgres
