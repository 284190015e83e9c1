#pragma once
// Keys: the secrets that callers present as they are (kinds "bearer" and "write_key"), what they may send, and how they
// are named without being shown.

#include "recoup/base/random.hpp"
#include "recoup/domain/shop.hpp"

#include <span>
#include <string>
#include <string_view>

namespace recoup::core {

bool is_key(ShopSecret const& secret);

/// "key_" and 16 characters: of the stored secret, so the same key has the same id everywhere.
std::string key_id(ShopSecret const& key);

/// A fresh key with 256 bits of randomness, and the secret to store: its SHA-256. A slow password hash would add nothing,
/// since nobody can guess 256 bits, and would cost every request; a lost database tells no key either way.
struct FreshKey {
    std::string shown;   // once
    ShopSecret secret;   // shop_id and source are the caller's to fill
};
FreshKey fresh_bearer_key(Random& random);

/// The start of a key by which people recognise it; tells 24 of its 256 bits.
std::string key_hint(std::string_view key);

/// "*", a type like "order.completed", or a family of types like "cart.*".
bool is_scope(std::string_view text);
/// No scopes = everything.
bool scopes_allow(std::span<std::string const> scopes, std::string_view type);

/// A key that ended, or has not, at `now`.
bool is_active(ShopSecret const& secret, Instant now);

}  // namespace recoup::core
