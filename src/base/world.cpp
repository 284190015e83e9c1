#include "recoup/domain/world.hpp"

#include "recoup/base/digest.hpp"

namespace recoup {

std::string key_hash(std::string_view shop_id, IdentityKey const& key) {
    return stable_id("key", {shop_id, name(key.kind), key.value});
}

std::string address_hash(std::string_view shop_id, Channel channel, std::string_view address) {
    return stable_id("adr", {shop_id, name(channel), address});
}

}  // namespace recoup
