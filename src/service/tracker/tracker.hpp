#pragma once
// Tracker: one loop that folds log records into state. A batch is the unit of work, of commit and of back-pressure:
// inbox ids, state, enrollments, steps and log offsets are written in one transaction.

#include "core/policy/facts.hpp"
#include "service/scorer.hpp"
#include "service/tracker/probation.hpp"

#include "recoup/base/clock.hpp"
#include "recoup/port/dead_letter_store.hpp"
#include "recoup/port/event_log.hpp"
#include "recoup/port/metrics.hpp"
#include "recoup/port/track_store.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace recoup::service {

class Tracker {
public:
    struct Settings {
        std::string log_name;                 // names the log in tracked_position
        std::size_t batch = 500;
        core::Policy policy;
        std::function<void(Instant)> planned{};   // told after a commit of the earliest moment at which the scheduler has to look
    };

    /// What it writes to. A record that nobody can read or fold goes to the letters and never blocks its partition.
    struct Stores {
        TrackStore& state;
        DeadLetterStore& letters;
        ProbationStore& probation;
    };

    Tracker(LogReader& reader, Stores stores, Clock const& clock, Metrics& metrics, Scorer scorer, Settings settings);

    /// Reads up to a batch, waiting at most `wait` for the first record, and folds it. Returns how many records.
    Result<std::size_t> run_once(Millis wait);

    /// Is everything before `end` folded and committed, by this tracker or another? Thread-safe.
    Result<bool> folded_up_to(LogPositions const& end);

    /// Replaces the policy for batches to come (reload). Thread-safe.
    void set_policy(core::Policy policy);

private:
    struct Batch;

    Result<void> fold(Probation::Way way, std::vector<ReadRecord> const& records);
    Result<void> fold_whole(std::vector<ReadRecord> const& records);
    Result<void> fold_one_by_one(std::vector<ReadRecord> const& records);
    void put_aside(Batch& batch, ReadRecord const& record, int tries);
    Batch empty_batch() const;
    void add(Batch& batch, ReadRecord const& record);
    Result<void> settle(Batch& batch);
    Result<void> commit(Batch& batch);
    void report(Batch const& batch);
    core::Policy policy() const;

    LogReader& reader_;
    Stores stores_;
    Clock const& clock_;
    Metrics& metrics_;
    Scorer scorer_;
    Settings settings_;
    Probation probation_;
    mutable std::mutex mutex_;
    LogPositions folded_;
};

}  // namespace recoup::service
