#pragma once
// Tracker: one loop that folds log records into state. A batch is the unit of work, of commit and of back-pressure:
// inbox ids, state, enrollments, steps and log offsets are written in one transaction.

#include "core/policy/facts.hpp"
#include "service/scorer.hpp"

#include "recoup/base/clock.hpp"
#include "recoup/port/event_log.hpp"
#include "recoup/port/metrics.hpp"
#include "recoup/port/track_store.hpp"

#include <memory>
#include <mutex>
#include <string>

namespace recoup::service {

class Tracker {
public:
    struct Settings {
        std::string log_name;                 // names the log in tracked_position
        std::size_t batch = 500;
        core::Policy policy;
    };

    Tracker(LogReader& reader, TrackStore& store, Clock const& clock, Metrics& metrics, Scorer scorer, Settings settings);

    /// Reads up to a batch, waiting at most `wait` for the first record, and folds it. Returns how many records.
    Result<std::size_t> run_once(Millis wait);

    /// Is everything before `end` folded and committed, by this tracker or another? Thread-safe.
    Result<bool> folded_up_to(LogPositions const& end);

    /// Replaces the policy for batches to come (reload). Thread-safe.
    void set_policy(core::Policy policy);

private:
    struct Batch;

    Result<void> commit(Batch& batch);
    void report(Batch const& batch);
    core::Policy policy() const;

    LogReader& reader_;
    TrackStore& store_;
    Clock const& clock_;
    Metrics& metrics_;
    Scorer scorer_;
    Settings settings_;
    mutable std::mutex mutex_;
    LogPositions folded_;
};

}  // namespace recoup::service
