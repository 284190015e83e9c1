#pragma once
// The decision at the moment of sending. Rules are asked in order; the first that forbids decides, and the trace keeps
// every question with what it saw.

#include "core/policy/facts.hpp"
#include "core/policy/rules.hpp"

#include "recoup/domain/message.hpp"

namespace recoup::core {

/// After this a message of the step does more harm than good.
Instant useful_until(PlannedStep const& step, SequenceStep const& config);

StepVerdict decide_step(SendFacts facts, Policy const& policy);

/// Asked of the rendered message of a step that was to be sent: skips it when it lacks what a law wants in it.
void ask_message(StepVerdict& verdict, Message const& message, Shop const& shop);

/// When to try again after `attempt` tries (from 1): exponential with a cap of 4 h, at least what the provider asked
/// for; spread deterministically by the message id. nullopt: attempts or usefulness are exhausted.
std::optional<Instant> retry_at(SendFacts const& facts, Policy const& policy, int attempt, Millis asked,
                                std::string_view message_id);

}  // namespace recoup::core
