#pragma once
// The board of detours (recoup/port/detour_board.hpp) in the database where steps are claimed.
//
// Who raises takes an advisory lock until the row is committed; a claim shares it until it has committed. So a claim either
// sees the row, or the lock about to make it, and claims nothing, or it has committed before raise() returns.

#include "adapter/postgres/connection.hpp"
#include "recoup/port/detour_board.hpp"

namespace recoup::postgres {

class PostgresDetourBoard final : public DetourBoard {
public:
    explicit PostgresDetourBoard(ConnectionOptions options) : pool_(std::move(options), 2) {}

    Result<void> raise(std::string_view instance, Instant since) override;
    Result<void> lower(std::string_view instance) override;
    Result<std::vector<std::string>> raised() override;

private:
    Pool pool_;
};

/// Somebody's detour is raised, or about to be. In the transaction of a claim.
bool detour_raised(pqxx::work& tx);

}  // namespace recoup::postgres
