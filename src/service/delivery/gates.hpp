#pragma once
// Gates: what stands before a channel's account, beside the decision. Each account has a rate and a breaker; who is held back
// gets a time. They are of this process: with n delivering processes an account sees n times the rate.

#include "core/rate/breaker.hpp"
#include "core/rate/gcra.hpp"

#include "recoup/domain/enrollment.hpp"
#include "recoup/domain/message.hpp"
#include "recoup/port/metrics.hpp"

#include <map>
#include <mutex>
#include <string_view>

namespace recoup::service {

class Gates {
public:
    struct Settings {
        std::map<Channel, core::Rate> rates;       // messages a second; absent = no limit
        core::Breaker::Settings breaker;
    };

    Gates(Settings settings, Metrics& metrics) : settings_(std::move(settings)), metrics_(metrics) {}

    struct Answer {
        Reason reason = Reason::ok;                // ok = go
        Instant at{};                              // else: when to come again
    };
    /// Takes a place when the answer is to go or to wait for the rate. `key` spreads what waits for a provider.
    Answer ask(Channel channel, StepWait wait, std::string_view key, Instant now);
    /// Right before a call, when it was asked for a while ago: may it still be made? Else when.
    Instant still_open(Channel channel, Instant now);
    /// Thread-safe, as all of these.
    void hear(Channel channel, Outcome const& outcome, Instant now);

private:
    struct Account {
        core::Gcra rate;
        core::Breaker breaker;
    };
    void show(Channel channel, Account const& account, Instant now);

    Settings const settings_;
    Metrics& metrics_;
    std::mutex mutex_;
    std::map<Channel, Account> accounts_;
};

}  // namespace recoup::service
