#include "service/scheduler/engine.hpp"

#include "recoup/base/limits.hpp"

namespace recoup::service {
Result<std::size_t> Engine::track(Millis wait) {
    std::lock_guard const lock(track_mutex_);
    return parts_.tracker->run_once(wait);
}

Result<void> Engine::catch_up() {
    auto const end = parts_.reader->end();
    if (!end) return end.error();
    for (;;) {
        auto const folded = parts_.tracker->folded_up_to(*end);
        if (!folded) return folded.error();
        if (*folded) return {};
        if (auto done = track(Millis{5}); !done && done.error().code != Errc::conflict) return done.error();
    }
}

Result<std::size_t> Engine::schedule() {
    for (std::size_t total = 0;;) {
        auto const done = schedule_some();
        if (!done || *done == 0) return done ? total : done;
        total += *done;
    }
}

Result<std::size_t> Engine::schedule_some() {
    std::lock_guard const lock(schedule_mutex_);
    auto const detours = parts_.reader->detours();
    auto const still_known = [&] { return parts_.reader->detours() == detours; };
    if (auto barrier = catch_up(); !barrier) return barrier.error();
    auto const rules = policy();
    if (auto recovered = parts_.dispatcher->recover(parts_.clock->now()); !recovered) return recovered.error();
    auto const now = parts_.clock->now();   // look-ups take their time
    auto const opened = parts_.opener->run_once(now, rules);
    if (!opened) return opened.error();
    auto const decided = parts_.dispatcher->run_once(now, rules, still_known);
    if (!decided) return decided.error();
    more_ = *opened >= limits::claim_batch || parts_.dispatcher->more();
    return *opened + *decided;
}

Result<void> Engine::advance(Instant now, Instant until, std::function<Result<void>(Instant)> const& set_clock) {
    for (;;) {
        if (auto done = schedule(); !done) return done.error();
        auto const due = parts_.store->next_due();
        if (!due) return due.error();
        auto const next = *due && **due <= until ? std::max(**due, now) : until;
        bool const last = next == until && !(*due && **due <= until);
        if (next > now) {
            if (auto set = set_clock(next); !set) return set;
            now = next;
        }
        if (last) return {};
    }
}

void Engine::set_policy(core::Policy policy) {
    parts_.tracker->set_policy(policy);
    std::lock_guard const lock(policy_mutex_);
    policy_ = std::move(policy);
}

core::Policy Engine::policy() const {
    std::lock_guard const lock(policy_mutex_);
    return policy_;
}

}  // namespace recoup::service
