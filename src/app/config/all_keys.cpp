#include "app/config/all_keys.hpp"

#include "adapter/channel/list.hpp"
#include "app/config/keys.hpp"

#include <algorithm>
#include <array>
#include <deque>

namespace recoup::app {
namespace {

constexpr std::array channels{Channel::email, Channel::sms, Channel::push, Channel::ads};

/// "capture|smtp": the adapters that serve a channel.
std::string adapters_of(Channel channel) {
    std::string names;
    for (auto const& descriptor : channel::channel_list())
        if (std::ranges::find(descriptor.serves, channel) != descriptor.serves.end())
            names += (names.empty() ? "" : "|") + std::string(descriptor.name);
    return names;
}

std::vector<ConfigKey> make_all_keys() {
    static std::deque<std::string> texts;  // keys only refer to their texts
    auto keys = core_keys();
    for (auto const channel : channels) {
        auto const key = std::ranges::find(keys, "channel." + std::string(name(channel)), &ConfigKey::name);
        if (key != keys.end()) key->choices = texts.emplace_back(adapters_of(channel));
    }
    for (auto const& descriptor : channel::channel_list())
        keys.insert(keys.end(), descriptor.keys.begin(), descriptor.keys.end());
    return keys;
}

}  // namespace

std::vector<ConfigKey> const& all_keys() {
    static std::vector<ConfigKey> const keys = make_all_keys();
    return keys;
}

}  // namespace recoup::app
