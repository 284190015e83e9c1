#pragma once
// Plays a plan: moves the clock to the end of each bucket, then delivers what is in it, several shoppers at a time and
// each shopper's deliveries in their order.

#include "app/demo/report.hpp"

#include <atomic>
#include <iosfwd>
#include <mutex>
#include <optional>

namespace recoup::demo {

class Player {
public:
    Player(Plan const& plan, Daemon const& daemon, std::ostream& talk) : plan_(plan), daemon_(daemon), talk_(talk) {}

    /// From the daemon's time `now` to the plan's end. Buckets that ended more than an hour before `now` are known to be
    /// delivered, for the clock only moves when a bucket is acknowledged.
    Result<void> run(Instant now);

    /// Every link in a message that a shopper followed worked.
    Check links_check() const;

private:
    using Bucket = std::span<Action const>;

    Result<void> deliver(Bucket bucket, Instant now);
    void deliver_lane(Bucket bucket, int lane, Instant now);
    Result<void> perform(Action const& action, Instant now);
    Result<void> send(Action const& action, Instant now) const;
    Result<void> follow_link(Action const& action, std::vector<SentMessage> const& messages);
    void tell(Instant now);

    Plan const& plan_;
    Daemon const& daemon_;
    std::ostream& talk_;
    Instant told_at_{};
    std::atomic<bool> stop_{false};
    mutable std::mutex mutex_;             // guards the two below
    std::optional<Error> failure_;
    Check links_{"every link that was followed works", 0, {}};
};

/// Path of the first link with that prefix ("/r/" back to the cart, "/u/" unsubscribe) in a message, "" when there is none.
std::string link_path(SentMessage const& message, std::string_view prefix);

}  // namespace recoup::demo
