#pragma once
// SMS through Twilio's Messages resource (reference: wire.md 18). Twilio does not deduplicate a create, so an attempt
// without an answer is unknown and must not be repeated.

#include "adapter/channel/list.hpp"

namespace recoup::channel {

ChannelDescriptor twilio_descriptor();

/// Twilio's answer to a create as an Outcome. Exposed for tests.
Outcome twilio_outcome(HttpAnswer const& answer);

}  // namespace recoup::channel
