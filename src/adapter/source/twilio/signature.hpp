#pragma once
// X-Twilio-Signature (twilio.com/docs/usage/security): base64 HMAC-SHA1 over the URL as Twilio has it and, for a form,
// its sorted fields; a JSON body is covered by bodySHA256 in the URL.

#include "recoup/port/source.hpp"

namespace recoup::source::twilio {

/// The URL is rebuilt from the configured public URL, never from Host; with and without its default port.
/// Errc::invalid: no signature header. Errc::unauthorized: no active "auth_token" matches.
Result<void> verify(SourceRequest const& request);

}  // namespace recoup::source::twilio
