#pragma once
// Identity keys: what joins observations to one person. Cart and checkout tokens count, because a token belongs to
// one shopper (reference: Shopify's five tokens). An order id joins transactions, which carry nothing else.

#include "recoup/base/result.hpp"

#include <compare>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace recoup {

/// `browse` is no person's: it names what one browser looked at in one session (core/fold/browse.hpp).
enum class KeyKind : unsigned char { email, phone, customer_id, anonymous_id, cart_token, checkout_token, order_id, browse };

std::string_view name(KeyKind kind);
std::optional<KeyKind> key_kind(std::string_view text);

struct IdentityKey {
    KeyKind kind = KeyKind::email;
    std::string value;  // normalised, never empty

    friend auto operator<=>(IdentityKey const&, IdentityKey const&) = default;

    template <class Self, class V>
    static void fields(Self& self, V&& v) {
        v("kind", self.kind);
        v("value", self.value);
    }
};

struct IdentityKeyHash {
    std::size_t operator()(IdentityKey const& key) const noexcept {
        return std::hash<std::string_view>{}(key.value) + static_cast<std::size_t>(key.kind);
    }
};

/// Trimmed and lower-cased address with one '@', a dot in its domain, at most 254 bytes, no control characters,
/// spaces, quotes or angle brackets; nullopt otherwise. Errs on the side of refusing (no quoted local parts).
std::optional<std::string> normalise_email(std::string_view text);

/// E.164 ("+15551234567"): digits with separators removed, "00" read as "+". Without a plus the number is completed
/// for NANP countries (US, CA) of `country` (ISO 3166 alpha-2, may be empty) only; nullopt otherwise.
std::optional<std::string> normalise_phone(std::string_view text, std::string_view country);

/// A key worth joining by: trims, strips a cart token's "?key=" secret, normalises emails and phones, refuses blocked
/// values (empty, only '0' and '-', "null", "undefined", "anonymous", "-1") and values over limits::id_bytes.
std::optional<IdentityKey> make_key(KeyKind kind, std::string_view value, std::string_view country = {});

}  // namespace recoup
