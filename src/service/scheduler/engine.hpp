#pragma once
// Engine: the order in which due work is done. Loops call step(); a manual clock is driven by advance(), which works off
// every accepted event, lives through everything that falls due on the way in its order, and returns when it is done.

#include "service/delivery/dispatcher.hpp"
#include "service/scheduler/opener.hpp"
#include "service/tracker/tracker.hpp"

#include "recoup/base/clock.hpp"
#include "recoup/port/event_log.hpp"

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>

namespace recoup::service {

class Engine {
public:
    struct Parts {
        LogReader* reader = nullptr;       // for the barrier
        Tracker* tracker = nullptr;
        Opener* opener = nullptr;
        Dispatcher* dispatcher = nullptr;
        ScheduleStore* store = nullptr;
        Metrics* metrics = nullptr;
        Clock const* clock = nullptr;
    };

    Engine(Parts parts, core::Policy policy) : parts_(parts), policy_(std::move(policy)) {}

    /// Folds at most one batch. Returns how many records.
    Result<std::size_t> track(Millis wait);

    /// Everything durable before the call is folded when it returns: the decisions that follow know of it.
    Result<void> catch_up();

    /// Opens idle carts and dispatches due steps until nothing is due; the clock is read for every batch, because sending
    /// one may take minutes. Returns how many.
    Result<std::size_t> schedule();
    /// One batch of each. Returns how many.
    Result<std::size_t> schedule_some();
    /// The last batch of one of them was as large as it could be.
    bool more() const { return more_; }

    /// Earliest instant at which something falls due.
    Result<std::optional<Instant>> next_due() { return parts_.store->next_due(); }

    /// Sends left behind by a predecessor on this data, whose leases this process may take over at once.
    Result<std::size_t> take_over() { return parts_.dispatcher->recover(parts_.clock->now(), std::chrono::hours{24}); }

    /// Moves time from `now`, which the clock shows, to `until`; `set_clock` is called for every instant at which
    /// something falls due, and at the end.
    Result<void> advance(Instant now, Instant until, std::function<Result<void>(Instant)> const& set_clock);

    void set_policy(core::Policy policy);

private:
    core::Policy policy() const;

    Parts parts_;
    mutable std::mutex policy_mutex_;
    core::Policy policy_;
    std::mutex track_mutex_;      // one folder at a time
    std::mutex schedule_mutex_;   // one advance or schedule at a time
    std::atomic<bool> more_{false};
};

}  // namespace recoup::service
