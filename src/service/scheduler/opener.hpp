#pragma once
// Opener: looks at carts whose watch moment has come and opens, replans or leaves their enrollment.

#include "core/policy/facts.hpp"
#include "service/scorer.hpp"

#include "recoup/port/metrics.hpp"
#include "recoup/port/schedule_store.hpp"

namespace recoup::service {

class Opener {
public:
    Opener(ScheduleStore& store, Metrics& metrics, Scorer scorer) : store_(store), metrics_(metrics), scorer_(std::move(scorer)) {}

    /// One claimed batch at `now`. Returns how many carts were looked at.
    Result<std::size_t> run_once(Instant now, core::Policy const& policy);

private:
    OpenWrite decide(IdleCart const& idle, core::Policy const& policy, Instant now) const;

    ScheduleStore& store_;
    Metrics& metrics_;
    Scorer scorer_;
};

}  // namespace recoup::service
