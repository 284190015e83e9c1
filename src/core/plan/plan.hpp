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

/// For a subscription of the person that was cancelled and lives no more.
Opening open_for_cancelled(Shop const& shop, Person const& person, std::optional<Enrollment> const& active,
                           Sequence const& sequence, Policy const& policy, Instant now);

/// Which of a shop's sequences a cart of this stage goes through: a checkout its own when there is one, else the cart's.
/// nullptr = none is applied.
Sequence const* sequence_for(Stage stage, std::vector<Sequence> const& sequences);

/// A cart whose shopper may still buy it: it has something in it, and was neither ordered nor deleted.
bool open_cart(Cart const& cart, Person const& person, Policy const& policy);

/// Of what was only looked at: one of the person's other carts is open, and nobody gave it up a month before.
bool open_beside(Cart const& browsed, std::vector<Cart> const& others, Person const& person, Policy const& policy);

/// The enrollment is of a lower stage than the cart has reached since: browsing ends with any open cart, and a cart's sequence
/// with new activity in its own checkout, when the shop has a sequence for checkouts.
bool outgrown(Enrollment const& enrollment, Cart const& cart, Person const& person, std::vector<Sequence> const& sequences,
              Policy const& policy);

/// A step whose time passed no longer ago is not late.
inline constexpr Millis late_grace = std::chrono::minutes{10};

/// The steps of one plan. A late event starts at the next sensible step and never fires a burst: of the steps whose time
/// passed more than a short grace ago only the last is kept, and that only while it is of use and `distance` before the next.
std::vector<PlannedStep> plan_steps(Enrollment const& enrollment, Sequence const& sequence, Instant now, Millis distance);

/// Why an active enrollment must end now; nullopt: it goes on.
std::optional<Reason> end_of(Enrollment const& enrollment, Cart const* cart, Payment const* payment, Person const& person,
                             Shop const& shop, Policy const& policy);

}  // namespace recoup::core
