#pragma once
// Email through an SMTP relay with libcurl (RFC 5321; reference: wire.md 13). Connections are kept between messages.

#include "adapter/channel/list.hpp"

namespace recoup::channel {

ChannelDescriptor smtp_descriptor();

}  // namespace recoup::channel
