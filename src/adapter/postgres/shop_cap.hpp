#pragma once
// How many messages a shop may still send under its cap. Claims of one shop follow one another from here to their end.

#include "adapter/postgres/connection.hpp"

#include "recoup/port/schedule_store.hpp"

namespace recoup::postgres {

/// Does nothing without a cap.
void add_shop_left(pqxx::work& tx, std::vector<DueStep*> const& due, Instant now, Cap const& cap);

}  // namespace recoup::postgres
