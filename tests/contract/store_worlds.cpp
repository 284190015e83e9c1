#include "contract/store_contract.hpp"

#include "adapter/memory/dead_letters.hpp"
#include "adapter/memory/outbox_store.hpp"
#include "adapter/memory/probation.hpp"
#include "adapter/memory/schedule_store.hpp"
#include "adapter/memory/track_store.hpp"
#include "adapter/postgres/dead_letters.hpp"
#include "adapter/postgres/outbox_store.hpp"
#include "adapter/postgres/probation.hpp"
#include "adapter/postgres/schedule_store.hpp"
#include "adapter/postgres/shop_store.hpp"
#include "adapter/postgres/track_store.hpp"
#include "recoup/base/clock.hpp"
#include "support/postgres_fixture.hpp"

namespace recoup::test {
namespace {

Instant const long_ago = instant_from_seconds(1'700'000'000);

class MemoryStores final : public StoreWorld {
public:
    TrackStore& track() override { return track_; }
    ScheduleStore& schedule() override { return schedule_; }
    OutboxStore& outbox() override { return outbox_; }
    DeadLetterStore& letters() override { return letters_; }
    ProbationStore& probation() override { return probation_; }
    std::unique_ptr<ProbationStore> another_probation() override {
        return std::make_unique<memory::MemoryProbation>(database_);
    }
    Result<void> add_shop(Shop const& shop) override { return database_.add_shop(shop); }
    Result<int> apply_sequence(Sequence const& sequence, std::string const& shop_id) override {
        return database_.apply_sequence(shop_id, sequence);
    }

private:
    memory::Database database_;
    memory::MemoryTrackStore track_{database_};
    memory::MemoryScheduleStore schedule_{database_};
    memory::MemoryOutboxStore outbox_{database_};
    memory::MemoryDeadLetters letters_{database_};
    memory::MemoryProbation probation_{database_};
};

class PostgresStores final : public StoreWorld {
public:
    TrackStore& track() override { return track_; }
    ScheduleStore& schedule() override { return schedule_; }
    OutboxStore& outbox() override { return outbox_; }
    DeadLetterStore& letters() override { return letters_; }
    ProbationStore& probation() override { return probation_; }
    std::unique_ptr<ProbationStore> another_probation() override {
        return std::make_unique<postgres::PostgresProbation>(database_.options(), clock_);
    }
    Result<void> add_shop(Shop const& shop) override { return shops_.add(shop, long_ago); }
    Result<int> apply_sequence(Sequence const& sequence, std::string const& shop_id) override {
        return shops_.apply_sequence(shop_id, sequence, long_ago);
    }

private:
    Database database_;
    postgres::Pool pool_{database_.options(), 2};
    postgres::ShopStore shops_{pool_};
    postgres::PostgresTrackStore track_{pool_};
    postgres::PostgresScheduleStore schedule_{pool_};
    postgres::PostgresOutboxStore outbox_{pool_};
    SeededRandom random_{1};
    ManualClock clock_{long_ago};
    postgres::PostgresDeadLetters letters_{pool_, SealingKey::from_base64_text(to_base64(Bytes(32, 5))).value(), random_};
    postgres::PostgresProbation probation_{database_.options(), clock_};
};

}  // namespace

std::unique_ptr<StoreWorld> memory_stores() { return std::make_unique<MemoryStores>(); }
std::unique_ptr<StoreWorld> postgres_stores() { return std::make_unique<PostgresStores>(); }

}  // namespace recoup::test
