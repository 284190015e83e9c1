#pragma once
// OutboxStore on Postgres. Who changes the pauses takes an advisory lock until it has committed; a claim shares it until it
// has committed: so a claim either sees a pause or committed before the pause did.

#include "adapter/postgres/connection.hpp"
#include "adapter/postgres/statement.hpp"

#include "recoup/port/outbox_store.hpp"
#include "recoup/port/schedule_store.hpp"

namespace recoup::postgres {

class PostgresOutboxStore final : public OutboxStore {
public:
    explicit PostgresOutboxStore(Pool& pool) : pool_(pool) {}

    Result<std::vector<UnknownSend>> unknown(UnknownQuery const& query) override;
    Result<std::int64_t> unknown_count() override;
    Result<Resolution> resolve(std::string const& message_id, bool sent, Instant now) override;
    Result<std::vector<Pause>> pauses() override;
    Result<void> pause(Pause const& pause) override;
    Result<std::vector<Sale>> sales() override;
    Result<void> begin_sale(Sale const& sale) override;
    Result<void> end_sale(std::string const& shop_id, Instant now) override;
    Result<std::size_t> resume(Pause const& scope, Instant now, Millis spread) override;

private:
    Pool& pool_;
};

/// First in the transaction of a claim, before it locks a step: who resumes locks steps, too, and after the pauses.
void share_pauses(pqxx::work& tx);
/// Later in it: fills `paused`, by the rule that the first in the order of their scopes counts.
void add_pauses(pqxx::work& tx, std::vector<DueStep*> const& due);

}  // namespace recoup::postgres
