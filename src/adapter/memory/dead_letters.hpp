#pragma once
// DeadLetterStore in memory, the model of adapter/postgres/dead_letters; nothing is encrypted where nothing is at rest.

#include "adapter/memory/database.hpp"

#include "recoup/port/dead_letter_store.hpp"

namespace recoup::memory {

class MemoryDeadLetters final : public DeadLetterStore {
public:
    explicit MemoryDeadLetters(Database& database) : database_(database) {}

    Result<void> keep(std::vector<Letter> const& letters) override;
    Result<std::vector<Letter>> list(LetterQuery const& query) override;
    Result<Letter> find(std::string_view id) override;
    Result<void> tried(std::string_view id, std::string_view reason, Instant now) override;
    Result<void> end(std::string_view id, LetterEnd why, std::string_view note, Instant now) override;
    Result<Trimmed> trim(Instant before, std::int64_t most, Instant now) override;
    Result<LetterStock> stock() override;

private:
    Database& database_;
};

}  // namespace recoup::memory
