#pragma once
// Dispatcher: claims due steps, has core decide each on the truth of that transaction, commits `sending`, sends, records
// the outcome under the lease's fencing token.

#include "core/policy/decide.hpp"
#include "service/delivery/composer.hpp"
#include "service/delivery/gates.hpp"
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
        Gates::Settings gates;
        Millis spread{std::chrono::minutes{5}};          // over which what fell due together goes out; 0 = all at once
        Millis overdue_after{std::chrono::minutes{15}};  // so late is nothing but after an outage
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
    std::vector<StepWrite> decide(std::vector<DueStep> const& due, core::Policy const& policy, Instant now);
    StepWrite decide_one(DueStep const& due, std::vector<core::SentMessage> const& sent_in_batch,
                         core::Policy const& policy, Instant now);
    void spread_overdue(DueStep const& due, SequenceStep const& config, core::StepVerdict& verdict, Instant now) const;
    void ask_gates(DueStep const& due, SequenceStep const& config, core::StepVerdict& verdict, Instant now);
    struct Answer {
        Outcome outcome;
        bool called = true;
    };
    using Answers = std::vector<std::optional<Answer>>;   // of the sends, in their order; nullopt = for the recovery to say
    Answers send_all(std::vector<std::pair<MessageDraft, std::int64_t>> const& sends,
                     std::chrono::nanoseconds leased_until);
    std::optional<Answer> send_one(Message const& message, std::chrono::nanoseconds leased_until);
    Answers hold_all(std::vector<std::pair<MessageDraft, std::int64_t>> const& sends) const;
    std::optional<Answer> held_back(Channel channel, std::string why, Millis wait = Millis{0}) const;
    SendResult result_of(MessageDraft const& draft, DueStep const& due, std::int64_t lease_token, Answer answer,
                         core::Policy const& policy, Instant now) const;

    ScheduleStore& store_;
    Channels channels_;
    Composer const& composer_;
    Clock const& clock_;
    Metrics& metrics_;
    Scorer scorer_;
    Settings settings_;
    Gates gates_;
};

}  // namespace recoup::service
