#pragma once
// What the contract suite of the track and schedule stores needs of a family of adapters: one fresh database.

#include "recoup/domain/sequence.hpp"
#include "recoup/port/dead_letter_store.hpp"
#include "recoup/port/outbox_store.hpp"
#include "recoup/port/probation_store.hpp"
#include "recoup/port/schedule_store.hpp"
#include "recoup/port/track_store.hpp"

#include <memory>

namespace recoup::test {

class StoreWorld {
public:
    virtual ~StoreWorld() = default;
    virtual TrackStore& track() = 0;
    virtual ScheduleStore& schedule() = 0;
    virtual OutboxStore& outbox() = 0;
    virtual DeadLetterStore& letters() = 0;
    virtual ProbationStore& probation() = 0;
    /// Another tracker's.
    virtual std::unique_ptr<ProbationStore> another_probation() = 0;
    virtual Result<void> add_shop(Shop const& shop) = 0;
    virtual Result<int> apply_sequence(Sequence const& sequence, std::string const& shop_id) = 0;
};

std::unique_ptr<StoreWorld> memory_stores();
std::unique_ptr<StoreWorld> postgres_stores();

}  // namespace recoup::test
