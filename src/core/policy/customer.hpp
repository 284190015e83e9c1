#pragma once
// Who is a customer to be won back at all, and which carts are.

#include "core/policy/facts.hpp"

#include <string_view>

namespace recoup::core {

/// Carts of this sales channel are recovered. `sources` are names, `app` for every numeric one (an app's id, as Shopify
/// gives it to storefronts of apps) and `*` for all; what says nothing of its channel is recovered.
bool recovered_source(std::string_view source_name, std::vector<std::string> const& sources);

/// The store itself serves the person since: it made a draft order or an invoice after the cart was left.
bool drafted(Cart const& cart, Person const& person);

/// Why nobody is won back here: "crawler", "disposable", "role", "staff" and what else the list names, or "test" of
/// somebody all whose orders are tests; nullopt: a customer. `email` is the one that would be written to.
std::optional<std::string_view> not_a_customer(Person const& person, std::string_view email, Policy const& policy);

/// Failures at about the same time look like somebody who tries out cards, and this one is of nobody who ever ordered.
bool looks_like_card_testing(Person const& person, std::int64_t failures_around, Policy const& policy);
/// How far around a failure others count.
inline constexpr Millis burst_around{std::chrono::minutes{10}};

}  // namespace recoup::core
