#pragma once
// Pause: the operator's word that nothing is sent for a while, for a shop, a channel, a sequence, or what they have in common.

#include "recoup/domain/channel.hpp"
#include "recoup/base/time.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace recoup {

struct Pause {
    std::string shop_id;               // empty = every shop
    std::optional<Channel> channel;    // nullopt = every channel
    std::string sequence;              // empty = every sequence
    Instant since{};
    std::string note;                  // why, for people; no personal data

    bool covers(std::string_view shop, Channel on, std::string_view in) const {
        return (shop_id.empty() || shop_id == shop) && (!channel || *channel == on) && (sequence.empty() || sequence == in);
    }
    bool same_scope(Pause const& other) const {
        return shop_id == other.shop_id && channel == other.channel && sequence == other.sequence;
    }
};

/// "channel sms of shop demo", "everything".
std::string scope_text(Pause const& pause);

}  // namespace recoup
