#include "adapter/channel/list.hpp"

#include "adapter/channel/capture.hpp"
#include "adapter/channel/smtp.hpp"
#include "adapter/channel/twilio.hpp"

#include <array>

namespace recoup::channel {

std::span<ChannelDescriptor const> channel_list() {
    static std::array const list{
        capture_descriptor(),
        smtp_descriptor(),
        twilio_descriptor(),
    };
    return list;
}

ChannelDescriptor const* find_channel(std::string_view name) {
    for (auto const& descriptor : channel_list())
        if (descriptor.name == name) return &descriptor;
    return nullptr;
}

}  // namespace recoup::channel
