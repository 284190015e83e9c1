#pragma once
// The channel adapters there are. To add one: its .cpp with a descriptor, a line in list.cpp, a test.

#include "recoup/base/clock.hpp"
#include "recoup/base/settings.hpp"
#include "recoup/port/channel.hpp"
#include "recoup/port/http.hpp"

#include <memory>
#include <span>
#include <string>

namespace recoup::channel {

/// What an adapter may use. All references outlive it.
struct ChannelContext {
    Settings const& settings;
    HttpClient& http;
    Clock const& clock;
    std::string public_url;     // base URL of the public listener, no trailing slash
};

struct ChannelDescriptor {
    std::string_view name;
    std::span<Channel const> serves;
    std::span<ConfigKey const> keys;
    /// Errc::configuration, naming the key, when the settings are not enough to send.
    Result<std::unique_ptr<ChannelAdapter>> (*make)(ChannelContext const& context);
};

std::span<ChannelDescriptor const> channel_list();
/// nullptr when there is none of that name.
ChannelDescriptor const* find_channel(std::string_view name);

}  // namespace recoup::channel
