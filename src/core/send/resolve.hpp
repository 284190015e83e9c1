#pragma once
// What a person's word about an unknown message leads to.

#include "core/send/send.hpp"

#include "recoup/port/outbox_store.hpp"

namespace recoup::core {

/// What the word is weighed against, read under the person's lock.
struct UnknownFacts {
    SendState state;
    bool active = true;            // of the enrollment
    Reason end_reason = Reason::ok;
    bool another_active = false;   // the person has a newer enrollment in the same lane
    bool newest_plan = true;       // the step is of the enrollment's plan
    Instant useful_until{};
};

struct Weighed {
    Resolved event;
    bool reopen = false;           // the enrollment had completed and goes on
    Reason reason = Reason::ok;    // not sent and not planned again: why
};

/// Not sent is planned anew at once while it is useful and nothing else ended or replaced its plan; it is then decided
/// like any other step.
Weighed weigh(UnknownFacts const& facts, bool sent, Instant now);

/// The decision that keeps the word.
Decision resolution_decision(Resolution const& resolution, std::string enrollment_id, std::string person_id, std::string cart_id,
                             int step, bool sent, Instant now);

/// When a step that waited falls due: within `spread` of `now`, by its own share, and not after `last`.
Instant spread_out(Instant now, Millis spread, Instant last, std::string_view key);

/// When a step that a pause held falls due again; `held_until` is the moment after its usefulness.
Instant resumed_at(Instant held_until, Instant now, Millis spread, std::string const& enrollment_id, int step);

/// Why `next` refused.
Error cannot_be_resolved(SendState const& state);

}  // namespace recoup::core
