#pragma once
// OutboxStore in memory, the model of adapter/postgres/outbox_store: what one does the other does, call for call.

#include "adapter/memory/database.hpp"

#include "recoup/port/outbox_store.hpp"

namespace recoup::memory {

class MemoryOutboxStore final : public OutboxStore {
public:
    explicit MemoryOutboxStore(Database& database) : database_(database) {}

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
    Database& database_;
};

}  // namespace recoup::memory
