#pragma once
// Standard Webhooks 1.0.0 verification, symmetric signatures (v1).

#include "recoup/base/digest.hpp"
#include "recoup/port/source.hpp"

namespace recoup::source {

/// The signing key that a stored secret stands for; nothing when it is malformed. Senders differ in this only.
using KeyOf = Bytes (*)(std::string_view secret);

/// As the specification says: "whsec_" + base64.
Bytes key_of_base64(std::string_view secret);
/// The secret's own bytes.
Bytes key_of_text(std::string_view secret);

/// `body` is what was signed. Errc::invalid: one of webhook-id, webhook-timestamp, webhook-signature is absent or
/// malformed. Errc::unauthorized: no listed v1 signature matches any active "hmac" secret, the time is more than 300 s
/// off, or there are no credentials at all.
Result<void> verify_standard_webhook(SourceRequest const& request, std::string_view body, KeyOf key_of);

}  // namespace recoup::source
