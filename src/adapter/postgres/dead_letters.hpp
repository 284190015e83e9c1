#pragma once
// Dead letters in Postgres, their bytes sealed before they leave the process.

#include "adapter/postgres/connection.hpp"

#include "recoup/base/random.hpp"
#include "recoup/base/seal.hpp"
#include "recoup/port/dead_letter_store.hpp"

#include <set>
#include <string>

namespace recoup::postgres {

class PostgresDeadLetters final : public DeadLetterStore {
public:
    PostgresDeadLetters(Pool& pool, SealingKey key, Random& random) : pool_(pool), key_(key), random_(random) {}

    Result<void> keep(std::vector<Letter> const& letters) override;
    Result<std::vector<Letter>> list(LetterQuery const& query) override;
    Result<Letter> find(std::string_view id) override;
    Result<void> tried(std::string_view id, std::string_view reason, Instant now) override;
    Result<void> end(std::string_view id, LetterEnd why, std::string_view note, Instant now) override;
    Result<Trimmed> trim(Instant before, std::int64_t most, Instant now) override;
    Result<LetterStock> stock() override;

    /// Seals letters of versions that did not, at most `most` a call. Returns how many.
    Result<std::size_t> seal_plain(std::size_t most);

private:
    std::string sealed(std::string const& shop_id, std::string const& id, std::string_view raw) const;

    Pool& pool_;
    SealingKey const key_;
    Random& random_;
};

/// In the transaction of an erasure: letters that name one of these hashes.
void erase_letters_naming(pqxx::work& tx, std::string const& shop_id, std::set<std::string> const& key_hashes);

}  // namespace recoup::postgres
