#pragma once
// Planning: which cart to watch, when to open an enrollment, which steps it gets, what ends it. Pure.

#include "core/policy/facts.hpp"

namespace recoup::core {

/// When the cart counts as abandoned if nothing happens; nullopt: nothing to watch (ordered, empty, deleted, unreachable).
std::optional<Instant> watch_until(Cart const& cart, Person const& person, Policy const& policy);

/// True when some channel has an address for the person, typed into a cart of theirs or known otherwise.
bool reachable(Person const& person);

/// The arm of an enrollment: by the contact, so that a shopper has one arm across carts and devices. `cart` may be null.
Arm arm_of(Shop const& shop, Cart const* cart, Person const& person, Policy const& policy);

struct Opening {
    bool open = false;
    Reason reason = Reason::idle;              // why it opened, or why not
    bool replan = false;                       // the active enrollment of this cart is planned anew instead
    bool supersedes = false;                   // the person's active enrollment for another cart ends
    Enrollment enrollment;                     // with open or replan
    std::vector<PlannedStep> steps;
    std::vector<TraceEntry> trace;
};

/// At the idle moment (or earlier when predicted) of a cart.
Opening open_for_cart(OpenFacts const& facts, Policy const& policy);

/// For a payment that failed and is not paid.
Opening open_for_payment(Shop const& shop, Payment const& payment, Person const& person,
                         std::optional<Enrollment> const& active, Sequence const& sequence, Policy const& policy, Instant now);

/// The steps of one plan. Steps whose time passed more than a short grace ago are left out: a late event starts at the
/// next sensible step and never fires a burst.
std::vector<PlannedStep> plan_steps(Enrollment const& enrollment, Sequence const& sequence, Instant now);

/// Why an active enrollment must end now; nullopt: it goes on.
std::optional<Reason> end_of(Enrollment const& enrollment, Cart const* cart, Payment const* payment, Person const& person,
                             Shop const& shop, Policy const& policy);

}  // namespace recoup::core
