#pragma once
// Rows of shop_secret.

#include "adapter/postgres/statement.hpp"

#include "recoup/domain/shop.hpp"

namespace recoup::postgres {

/// shop_id, source, kind, secret, not_after, scopes, label, hint, created_at, last_used_at; times as ms_of.
ShopSecret read_secret(pqxx::row const& row);

/// A secret that is there already takes the new end, scopes and label. False: there is no such shop.
bool write_secret(pqxx::transaction_base& tx, ShopSecret const& secret, Instant now);

}  // namespace recoup::postgres
