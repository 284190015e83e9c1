#pragma once
// Signature checks over all active secrets. None stops at the first match, so timing tells nothing about which matched.

#include "recoup/base/digest.hpp"
#include "recoup/base/time.hpp"
#include "recoup/domain/shop.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace recoup::source {

/// Any secret of `kind` makes HMAC-SHA256(secret bytes as given, message) equal to `signature` (raw 32 bytes).
bool any_hmac_matches(std::span<ShopSecret const> secrets, std::string_view kind, std::string_view message,
                      std::span<std::uint8_t const> signature);

/// The secret of kind "bearer" that is the SHA-256 hex of the key; null = none.
ShopSecret const* bearer_secret(std::span<ShopSecret const> secrets, std::string_view key);

/// The <key> of "Authorization: Bearer <key>"; empty = something else.
std::string_view bearer_key(std::string_view authorization);

/// The secret of kind "write_key" that equals the key; null = none.
ShopSecret const* write_key_secret(std::span<ShopSecret const> secrets, std::string_view key);

/// The one key (bearer or write_key) among the secrets; null when there are several or none.
ShopSecret const* only_key(std::span<ShopSecret const> secrets);

/// A signed time: one to twelve digits. Reference libraries also take "123abc", which signs something else than it says.
std::optional<Instant> unix_seconds(std::string_view text);
/// At most 300 s off, either way.
bool is_timely(Instant sent_at, Instant now);

}  // namespace recoup::source
