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
        Seconds lease{20};
        std::size_t batch = 500;           // claimed at once, at most
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

    /// One claimed batch at `now`, sent and recorded: no more than providers took within a second before, so that what is decided
    /// leaves while it is true. Returns how many steps were decided. Outcomes that cannot be recorded are
    /// kept and tried again by the next call, of recover() too, while the lease lasts.
    Result<std::size_t> run_once(Instant now, core::Policy const& policy, StillKnown const& still_known = [] { return true; });

    /// Takes over sends whose lease ended by `now`, or ends within `early`, and asks providers that can be asked about messages that
    /// are unknown: when some were taken over, and every ten seconds.
    Result<std::size_t> recover(Instant now, Millis early = Millis{0});

    /// The last batch was as large as it could be: more may be due.
    bool more() const { return more_; }

private:
    std::size_t batch() const;
    void note_pace(std::size_t sends, std::chrono::nanoseconds taken);
    std::vector<StepWrite> decide(std::vector<DueStep> const& due, core::Policy const& policy, Instant now);
    StepWrite decide_one(DueStep const& due, std::vector<core::SentMessage> const& sent_in_batch, int sent_by_shop,
                         core::Policy const& policy, Instant now);
    void spread_overdue(DueStep const& due, SequenceStep const& config, core::StepVerdict& verdict, Instant now) const;
    void ask_gates(DueStep const& due, SequenceStep const& config, core::StepVerdict& verdict, Instant now);
    struct Answer {
        Outcome outcome;
        bool called = true;
    };
    using Hear = std::function<void(std::size_t send, std::optional<Answer>)>;   // nullopt = for the recovery to say
    void send_all(ScheduleStore::Claimed const& claimed, std::chrono::nanoseconds leased_until, Hear const& hear);
    std::optional<Answer> send_one(Message const& message, DueStep const& due, std::chrono::nanoseconds leased_until);
    void hold_all(ScheduleStore::Claimed const& claimed, Hear const& hear) const;
    std::optional<Answer> held_back(DueStep const& due, std::string why, Millis wait = Millis{0}) const;
    SendResult result_of(MessageDraft const& draft, DueStep const& due, std::int64_t lease_token, Answer answer,
                         core::Policy const& policy, Instant now) const;
    Result<void> save_outcomes();
    Result<void> look_up_unknown(Instant now);
    ChannelAdapter* adapter_named(std::string_view name) const;
    std::vector<std::string> adapters_that(bool (ChannelAdapter::*can)() const) const;

    /// Of one claim.
    struct Outcomes {
        std::vector<SendResult> results;
        Instant decided_at{};
        std::chrono::nanoseconds leased_until{};
    };

    ScheduleStore& store_;
    Channels channels_;
    Composer const& composer_;
    Clock const& clock_;
    Metrics& metrics_;
    Scorer scorer_;
    Settings settings_;
    Gates gates_;
    Outcomes unsaved_;
    std::chrono::nanoseconds round_{std::chrono::milliseconds{100}};   // in which as many are sent as at the same time
    bool more_ = false;
    std::string looked_up_to_;                        // the message id; empty = from the start
    std::chrono::nanoseconds look_up_at_{};
};

}  // namespace recoup::service
