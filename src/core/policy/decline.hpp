#pragma once
// Decline codes in classes (Stripe's list, docs.stripe.com/declines/codes; Shopify's error codes; classes ours).

#include "recoup/domain/order.hpp"

#include <string>
#include <string_view>

namespace recoup::core {

enum class DeclineClass : unsigned char { other_card, fixable, funds, later, never_reveal, duplicate };

std::string_view name(DeclineClass cls);
DeclineClass decline_class(std::string_view code);

/// False for what must not be followed up at all: the payment probably went through already.
bool may_follow_up(std::string_view code);

/// Decline code of the newest failed attempt that names one (an invoice's does not); empty when none does.
std::string newest_decline(Payment const& payment);

}  // namespace recoup::core
