#pragma once
// Stripe-Signature (docs.stripe.com/webhooks): "t=<Unix seconds>,v1=<hex>,v1=<hex>,v0=...".

#include "recoup/port/source.hpp"

namespace recoup::source::stripe {

/// HMAC-SHA256 of "{t}.{raw body}" under the whole secret, "whsec_" included, unlike Standard Webhooks. Errc::invalid:
/// the header is absent or malformed. Errc::unauthorized: no listed v1 matches any active "hmac" secret, or t is more
/// than 300 s off.
Result<void> verify(SourceRequest const& request);

}  // namespace recoup::source::stripe
