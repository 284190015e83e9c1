#pragma once
// The default channel: nothing leaves the machine. The stored message row is the capture, so there is nothing to keep, and whoever
// finds the row has looked up the message.

#include "adapter/channel/list.hpp"

namespace recoup::channel {

ChannelDescriptor capture_descriptor();

}  // namespace recoup::channel
