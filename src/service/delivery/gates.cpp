#include "service/delivery/gates.hpp"

#include "core/send/resolve.hpp"

namespace recoup::service {
namespace {

Metric breaker_metric(Channel channel) {
    switch (channel) {
        case Channel::email: return Metric::breaker_email;
        case Channel::sms: return Metric::breaker_sms;
        case Channel::push: return Metric::breaker_push;
        case Channel::ads: return Metric::breaker_ads;
    }
    return Metric::breaker_email;
}

}  // namespace

Gates::Answer Gates::ask(Channel channel, StepWait wait, std::string_view key, Instant now) {
    std::lock_guard const lock(mutex_);
    auto& account = accounts_[channel];
    if (auto const open = account.breaker.ask(settings_.breaker, now); open > now) {
        show(channel, account, now);
        // Not all at the moment at which it opens: over as long again.
        return {Reason::provider_down, core::spread_out(open, open - now, Instant::max(), key)};
    }
    show(channel, account, now);
    auto const rate = settings_.rates.find(channel);
    if (rate == settings_.rates.end()) return {};
    auto const place = account.rate.ask(rate->second, now, wait == StepWait::rate_limited);
    return place > now ? Answer{Reason::rate_limited, place} : Answer{};
}

Instant Gates::still_open(Channel channel, Instant now) {
    std::lock_guard const lock(mutex_);
    auto& account = accounts_[channel];
    if (account.breaker.state(now) != core::Breaker::State::open) return now;
    return account.breaker.ask(settings_.breaker, now);
}

void Gates::hear(Channel channel, Outcome const& outcome, Instant now) {
    if (outcome.operator_fault) return;   // about our configuration; neither the provider's health nor its end
    std::lock_guard const lock(mutex_);
    auto& account = accounts_[channel];
    bool const failure = outcome.kind == OutcomeKind::retry_later || outcome.kind == OutcomeKind::unknown;
    auto const before = account.breaker.state(now);
    account.breaker.hear(settings_.breaker, failure ? core::Breaker::Heard::failure : core::Breaker::Heard::answer, now);
    if (account.breaker.state(now) == core::Breaker::State::open && before != core::Breaker::State::open)
        metrics_.add(Metric::breaker_opened, name(channel));
    show(channel, account, now);
}

void Gates::show(Channel channel, Account const& account, Instant now) {
    metrics_.set(breaker_metric(channel), static_cast<double>(account.breaker.state(now)));
}

}  // namespace recoup::service
