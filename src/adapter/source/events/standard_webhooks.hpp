#pragma once
// Standard Webhooks 1.0.0 verification, symmetric signatures (v1).

#include "recoup/port/source.hpp"

namespace recoup::source::events {

/// Errc::invalid: one of webhook-id, webhook-timestamp, webhook-signature is absent or malformed. Errc::unauthorized:
/// no listed v1 signature matches any active "hmac" secret ("whsec_" + base64), the time is more than 300 s off, or
/// there are no credentials at all.
Result<void> verify_standard_webhook(SourceRequest const& request);

}  // namespace recoup::source::events
