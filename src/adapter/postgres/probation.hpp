#pragma once
// Probation in Postgres, on a session of its own: the session's advisory locks are what is held.

#include "adapter/postgres/connection.hpp"

#include "recoup/base/clock.hpp"
#include "recoup/port/probation_store.hpp"

namespace recoup::postgres {

class PostgresProbation final : public ProbationStore {
public:
    /// Connects at first use.
    PostgresProbation(ConnectionOptions options, Clock const& clock);

    Result<void> hold(std::string_view log, int partition) override;
    Result<int> begin(std::string_view log, int partition, std::int64_t first, bool excused) override;
    void let_go() override;
    Result<void> clear(std::string_view log, std::vector<int> const& partitions) override;

private:
    Connection connection_;
    Clock const& clock_;
};

}  // namespace recoup::postgres
