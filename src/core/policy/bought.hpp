#pragma once
// What of a cart was bought by other ways than its own checkout.

#include "core/policy/facts.hpp"

namespace recoup::core {

/// An order that somebody made by visiting: no renewal of a subscription.
bool by_visit(PastOrder const& order);

/// The cart's lines without the pieces that the person bought since `since`. Lines without a variant id stay.
std::vector<Line> lines_left(Cart const& cart, Person const& person, Instant since);

/// The person bought at or after `since`, by a visit.
bool ordered_since(Person const& person, Instant since);

/// What the lines are worth without gift cards: a cart of those alone is worth nothing here.
std::int64_t value_of(std::vector<Line> const& lines);
/// The cart's subtotal without its gift cards.
std::int64_t value_of(Cart const& cart);

/// It is ordered: by its own checkout; or the person ordered at or after its last activity, something at all or, with
/// Policy::order_covers, at least that share of its value, or so much that the rest is below the floor.
bool ordered(Cart const& cart, Person const& person, Policy const& policy);

}  // namespace recoup::core
