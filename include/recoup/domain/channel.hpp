#pragma once
// The kinds of channel a step may use. Which adapter serves a kind is configuration (port/channel.hpp).

#include <optional>
#include <string_view>

namespace recoup {

enum class Channel : unsigned char { email, sms, push, ads };

std::string_view name(Channel channel);
std::optional<Channel> channel_from(std::string_view text);

}  // namespace recoup
