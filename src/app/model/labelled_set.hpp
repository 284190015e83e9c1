#pragma once
// Snapshots of one event stream, split by time: the last quarter of its time is the test. A row belongs to the training
// part only when its label was known before the test began.

#include "app/model/event_stream.hpp"
#include "core/risk/snapshots.hpp"

#include <vector>

namespace recoup::app {

inline constexpr double test_share_of_time = 0.25;

struct LabelledSet {
    DataInfo info;
    std::size_t events = 0, carts = 0, persons = 0;
    Instant from{}, boundary{}, to{};             // of the snapshots
    std::vector<core::Snapshot> snapshots;        // in order of time, labels known

    bool trains(core::Snapshot const& snapshot) const { return snapshot.at + core::label_window <= boundary; }
    bool tests(core::Snapshot const& snapshot) const { return snapshot.at >= boundary && snapshot.first_idle; }
};

/// Errc::invalid when no cart of the stream was ever followed for a whole label window.
Result<LabelledSet> label(EventStream& stream, core::Policy const& policy);

/// Every stream labelled, in order.
Result<std::vector<LabelledSet>> label_all(std::vector<EventStream*> const& streams, core::Policy const& policy);

}  // namespace recoup::app
