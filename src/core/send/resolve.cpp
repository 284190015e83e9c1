#include "core/send/resolve.hpp"

#include "recoup/base/digest.hpp"

#include <algorithm>
#include <cstdint>

namespace recoup::core {

Weighed weigh(UnknownFacts const& facts, bool sent, Instant now) {
    if (sent) return {{true, std::nullopt}, false, Reason::ok};
    auto const given_up = [](Reason reason) { return Weighed{{false, std::nullopt}, false, reason}; };
    if (facts.state.step == StepState::planned) return {{false, std::nullopt}, false, Reason::ok};
    if (!facts.active && facts.end_reason != Reason::completed) return given_up(facts.end_reason);
    if (!facts.newest_plan || (!facts.active && facts.another_active)) return given_up(Reason::superseded);
    if (now > facts.useful_until) return given_up(Reason::too_late);
    return {{false, now}, !facts.active, Reason::ok};
}

Decision resolution_decision(Resolution const& resolution, std::string enrollment_id, std::string person_id, std::string cart_id,
                             int step, bool sent, Instant now) {
    Decision decision;
    decision.id = stable_id("dec", {resolution.message_id, "resolved", to_rfc3339(now)});
    decision.subject = "outcome";
    decision.verdict = sent ? Verdict::send : resolution.planned_again ? Verdict::move : Verdict::skip;
    decision.reason = resolution.reason;
    decision.at = now;
    if (resolution.planned_again) decision.move_to = now;
    decision.message_id = resolution.message_id;
    decision.enrollment_id = std::move(enrollment_id);
    decision.person_id = std::move(person_id);
    decision.cart_id = std::move(cart_id);
    decision.step = step;
    decision.trace.push_back(TraceEntry{"provider_has_it", sent, "said by a person"});
    return decision;
}

Instant spread_out(Instant now, Millis spread, Instant last, std::string_view key) {
    auto const window = std::min(spread, last - now);   // all of it: cut off at `last`, the rest would meet there
    if (window.count() <= 0) return now;
    return now + Millis{static_cast<std::int64_t>(stable_hash(key) % static_cast<std::uint64_t>(window.count()))};
}

Instant resumed_at(Instant held_until, Instant now, Millis spread, std::string const& enrollment_id, int step) {
    if (held_until <= now) return held_until;   // of no use any more, which its decision will say
    return spread_out(now, spread, held_until - Millis{1}, enrollment_id + "/" + std::to_string(step));
}

Error cannot_be_resolved(SendState const& state) {
    if (state.came_back) return error(Errc::conflict, "The provider has reported on this message: it was sent.");
    return error(Errc::conflict, "The message is being sent at this moment; look again in a minute.");
}

}  // namespace recoup::core
