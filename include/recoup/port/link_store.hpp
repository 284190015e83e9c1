#pragma once
// Link store: what a signed link needs to know about its message. The token proves only that we made it; where it leads
// and whom it stops comes from here.

#include "recoup/base/result.hpp"
#include "recoup/domain/channel.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace recoup {

struct LinkFacts {
    std::string shop_name;
    std::string shop_domain;        // storefront host
    Channel channel = Channel::email;
    std::string to;                 // normalised address of the message; empty = erased
    std::string target_url;         // where the message's links lead, as stored with it
    std::string recovery_url;       // the cart's or payment's own link now; may be empty
    bool ordered = false;           // the cart or its person ordered, or the payment went through, since
};

class LinkStore {
public:
    virtual ~LinkStore() = default;
    /// nullopt = no such message. Thread-safe; may block.
    virtual Result<std::optional<LinkFacts>> find_message(std::string_view shop_id, std::string_view message_id) = 0;
};

}  // namespace recoup
