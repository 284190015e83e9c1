#pragma once
// ProbationStore in memory, the model of adapter/postgres/probation.

#include "adapter/memory/database.hpp"

#include "recoup/port/probation_store.hpp"

namespace recoup::memory {

class MemoryProbation final : public ProbationStore {
public:
    explicit MemoryProbation(Database& database) : database_(database) {}
    MemoryProbation(MemoryProbation const&) = delete;
    MemoryProbation& operator=(MemoryProbation const&) = delete;
    ~MemoryProbation() override;

    Result<void> hold(std::string_view log, int partition) override;
    Result<int> begin(std::string_view log, int partition, std::int64_t first, bool excused) override;
    void let_go() override;
    Result<void> clear(std::string_view log, std::vector<int> const& partitions) override;

private:
    Database& database_;
};

}  // namespace recoup::memory
