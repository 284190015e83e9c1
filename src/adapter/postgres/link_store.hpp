#pragma once
// LinkStore on Postgres.

#include "adapter/postgres/connection.hpp"

#include "recoup/port/link_store.hpp"

namespace recoup::postgres {

class PostgresLinkStore final : public LinkStore {
public:
    explicit PostgresLinkStore(Pool& pool) : pool_(pool) {}

    Result<std::optional<LinkFacts>> find_message(std::string_view shop_id, std::string_view message_id) override;

private:
    Pool& pool_;
};

}  // namespace recoup::postgres
