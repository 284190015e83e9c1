#pragma once
// Probation store: a durable count of how often a place on the log was begun with, so that a record that ends the
// process every time is found by its successors.

#include "recoup/base/result.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace recoup {

/// Used by one thread. What it holds is let go when it is destroyed or its process ends.
class ProbationStore {
public:
    virtual ~ProbationStore() = default;

    /// Only one tracker at a time may try a partition that is on probation, else their tries would count for each
    /// other. Waits for the others shortly; Errc::conflict when it is still theirs.
    virtual Result<void> hold(std::string_view log, int partition) = 0;
    /// Notes that the records from `first` on are tried now and answers how often they were, this time included;
    /// durable when it returns. `excused`: the last try does not count, it failed for no fault of the records.
    virtual Result<int> begin(std::string_view log, int partition, std::int64_t first, bool excused) = 0;
    /// After a failure: others may try now what is held. The counts stay.
    virtual void let_go() = 0;
    /// The partitions have proved themselves: forgets their counts and lets everything go that is held.
    virtual Result<void> clear(std::string_view log, std::vector<int> const& partitions) = 0;
};

}  // namespace recoup
