#pragma once
// Channel adapter: sends one message and maps every answer to an Outcome. To add one: one .cpp in
// src/adapter/channel (settings, send), one line in its list, one test; the channel contract suite runs it by itself.

#include "recoup/domain/message.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace recoup {

class ChannelAdapter {
public:
    virtual ~ChannelAdapter() = default;
    virtual std::string_view name() const = 0;           // "capture", "smtp", "twilio"
    virtual bool serves(Channel channel) const = 0;
    /// True when sending the same Message::id twice has one effect; an unknown outcome may then be sent again.
    virtual bool idempotent() const = 0;
    /// Blocking with its own deadline; thread-safe; never throws; never logs an address or content.
    virtual Outcome send(Message const& message) = 0;

    /// Can the provider be asked what became of a message? Then unknown outcomes are settled by its word.
    virtual bool can_look_up() const { return false; }
    /// The provider's id of the message with this Message::id; nullopt = it has none, or cannot say now. That proves nothing: a
    /// call may still be on its way. Called for who can_look_up(); otherwise as send().
    virtual std::optional<std::string> look_up(std::string const& /*message_id*/) { return std::nullopt; }
};

}  // namespace recoup
