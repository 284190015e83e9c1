#pragma once
// Dispatcher: claims due steps, has core decide each on the truth of that transaction, commits `sending`, sends, records
// the outcome under the lease's fencing token.

#include "core/policy/decide.hpp"
#include "service/delivery/composer.hpp"
#include "service/scorer.hpp"

#include "recoup/base/clock.hpp"
#include "recoup/port/channel.hpp"
#include "recoup/port/metrics.hpp"
#include "recoup/port/schedule_store.hpp"

#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace recoup::service {

using Channels = std::map<Channel, ChannelAdapter*>;

class Dispatcher {
public:
    struct Settings {
        Seconds lease{60};
        std::size_t batch = 200;
        std::size_t concurrency = 8;       // sends at once
    };

    Dispatcher(ScheduleStore& store, Channels channels, Composer const& composer, Clock const& clock, Metrics& metrics,
               Scorer scorer, Settings settings);

    /// Asked between the commit of a claim and its first call to a provider; false: something that may forbid the messages was
    /// acknowledged meanwhile where the claim could not see it.
    using StillKnown = std::function<bool()>;

    /// One claimed batch at `now`, sent and recorded. Returns how many steps were decided.
    Result<std::size_t> run_once(Instant now, core::Policy const& policy, StillKnown const& still_known = [] { return true; });

    /// Takes over sends whose lease ended by `now`.
    Result<std::size_t> recover(Instant now);

private:
    std::vector<StepWrite> decide(std::vector<DueStep> const& due, core::Policy const& policy, Instant now) const;
    StepWrite decide_one(DueStep const& due, std::vector<core::SentMessage> const& sent_in_batch,
                         core::Policy const& policy, Instant now) const;
    std::vector<std::optional<Outcome>> send_all(std::vector<std::pair<MessageDraft, std::int64_t>> const& sends,
                                                 std::chrono::nanoseconds leased_until);
    std::vector<std::optional<Outcome>> hold_all(std::vector<std::pair<MessageDraft, std::int64_t>> const& sends) const;
    SendResult result_of(MessageDraft const& draft, DueStep const& due, std::int64_t lease_token, Outcome outcome,
                         core::Policy const& policy, Instant now) const;

    ScheduleStore& store_;
    Channels channels_;
    Composer const& composer_;
    Clock const& clock_;
    Metrics& metrics_;
    Scorer scorer_;
    Settings settings_;
};

}  // namespace recoup::service
