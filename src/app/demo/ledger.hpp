#pragma once
// What the store knows: when, on the daemon's clock, it had each fact acknowledged. It follows from the plan and from
// which messages went out before, so it is the same after a restart in the middle.

#include "app/demo/evidence.hpp"
#include "app/demo/plan.hpp"

#include <span>
#include <vector>

namespace recoup::demo {

struct Known {
    Instant cart_seen{}, ordered{}, paid{}, emptied{}, email_revoked{}, sms_revoked{};   // never = did not happen
};

/// True when a message to the shopper went out at or before `at`; an unsubscription needs an email.
bool contacted(Shopper const& shopper, ActionKind kind, Instant at, std::span<SentMessage const> messages);

/// True when the action happens at all.
bool happens(Plan const& plan, Action const& action, std::span<SentMessage const> messages);

/// One entry a shopper, in their order.
std::vector<Known> write_ledger(Plan const& plan, std::span<SentMessage const> messages);

}  // namespace recoup::demo
