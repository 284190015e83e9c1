#pragma once
// The decision at the moment of sending. Rules are asked in order; the first that forbids decides, and the trace keeps
// every question with what it saw.

#include "core/policy/facts.hpp"

namespace recoup::core {

struct StepVerdict {
    Verdict verdict = Verdict::skip;   // send, skip, move or end
    Reason reason = Reason::ok;
    Instant move_to{};                 // with move
    std::string address;               // with send
    std::vector<Line> lines;           // with send on a cart: what can still be bought
    std::vector<TraceEntry> trace;
};

/// After this a message of the step does more harm than good.
Instant useful_until(PlannedStep const& step, SequenceStep const& config);

StepVerdict decide_step(SendFacts const& facts, Policy const& policy);

/// When to try again after `attempt` tries (from 1): exponential with a cap of 4 h, at least what the provider asked
/// for; spread deterministically by the message id. nullopt: attempts or usefulness are exhausted.
std::optional<Instant> retry_at(SendFacts const& facts, Policy const& policy, int attempt, Millis asked,
                                std::string_view message_id);

}  // namespace recoup::core
