#pragma once
// What the law of the person's place says about a step, and the shop's own caps and hours beside it.

#include "core/law/law.hpp"
#include "core/policy/facts.hpp"
#include "core/policy/rules.hpp"

namespace recoup::core {

/// Where the person may be and what applies there, for one step and address.
struct Jurisdiction {
    std::vector<Place> places;
    std::vector<std::string> zones;        // of the places
    std::vector<AppliedRule> rules;
};
Jurisdiction jurisdiction_of(SendFacts const& facts, Policy const& policy, std::string const& address);

/// The newest word on the channel and address; nullptr = nothing was said.
Consent const* consent_of(SendFacts const& facts, std::string const& address);

/// Consent by the policy, then by each law.
void ask_consent(SendFacts const& facts, Policy const& policy, Jurisdiction const& where, Rules& rules, StepVerdict const& out);

/// What the message must show, as far as the shop has it; the rest is asked of the rendered message.
void ask_content(SendFacts const& facts, Jurisdiction const& where, Rules& rules, StepVerdict& out);

/// Caps of laws and of the shop, and the distance between messages.
void ask_caps(SendFacts const& facts, Policy const& policy, Jurisdiction const& where, Rules& rules, StepVerdict& out);

/// What the law, the shop and the step itself say about hours and days: the step moves to the first moment that suits all, and is
/// dropped when there is none before its usefulness or a deadline of the law ends.
void ask_hours(SendFacts const& facts, Policy const& policy, Jurisdiction const& where, Rules& rules, StepVerdict& out);

}  // namespace recoup::core
