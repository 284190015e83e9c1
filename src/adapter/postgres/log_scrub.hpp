#pragma once
// Takes erased persons out of the event log: batches are read behind the tracker, and those that name somebody erased are
// written again in their place, with the same offsets. A run goes once over the whole log for all erasures that wait.

#include "adapter/postgres/connection.hpp"
#include "core/codec/scrub.hpp"

namespace recoup::postgres {

class LogScrubber {
public:
    explicit LogScrubber(Pool& pool) : pool_(pool) {}

    /// One step of a run, a transaction of a few batches; several instances take turns. False: nothing waits.
    Result<bool> run_once();

private:
    Pool& pool_;
    std::int64_t run_ = -1;          // whose erasures are held
    core::ErasedHashes erased_;
};

}  // namespace recoup::postgres
