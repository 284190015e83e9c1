#pragma once
// Probation: which batches are counted before they are worked on. A partition is on probation from the start of the
// process, and again after a failure that its records may be to blame for, until a batch of it has committed; in steady
// state nothing is written. A batch that was begun twice is worked on record by record, so that the one to blame is
// found, and a record that was tried limits::poison_tries times is put aside.

#include "recoup/port/event_log.hpp"
#include "recoup/port/probation_store.hpp"

#include <set>
#include <string>

namespace recoup::service {

class Probation {
public:
    enum class Way : unsigned char { whole, one_by_one };

    Probation(ProbationStore& store, std::string log_name) : store_(store), log_(std::move(log_name)) {}

    /// Before a batch whose first offsets these are. Errc::conflict while another tracker has a partition on probation.
    Result<Way> begin(LogPositions const& from);
    /// Before one record of a batch that goes one by one: how often it was tried, this time included.
    Result<int> begin_record(int partition, std::int64_t offset);
    /// The batch is committed: its partitions are trusted.
    void committed();
    /// The batch failed: counts against its records only when the fault can be theirs.
    void failed(Errc code);

private:
    Result<int> count(int partition, std::int64_t first);

    ProbationStore& store_;
    std::string const log_;
    std::set<int> trusted_;
    std::set<int> tried_;                 // on probation and part of the batch in hand
    std::set<int> excused_;               // their last try failed for no fault of the records
    LogPositions counted_;                // places counted by begin(), with the tries
    std::set<int> in_hand_;
};

/// Can such a failure be the fault of the records? Else another try later will do.
bool may_be_theirs(Errc code);

}  // namespace recoup::service
