#pragma once
// Signed links (reference: performance.md 5.3). A token names a message and one purpose; it restores a cart, never a
// session, holds nothing personal, and is signed with a key of this installation only (CVE-2023-2986 was a fixed one).

#include "recoup/base/digest.hpp"
#include "recoup/base/time.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace recoup::core {

/// The letters are those of the paths: /c/, /r/, /u/, /o/.
enum class LinkPurpose : char { click = 'c', restore = 'r', unsubscribe = 'u', open = 'o' };

struct LinkClaims {
    std::string shop_id;
    std::string message_id;
    LinkPurpose purpose = LinkPurpose::click;
    int target = -1;          // click: index into the message's stored targets, at most 65534; -1 = none
    Instant expires_at{};     // whole seconds

    friend bool operator==(LinkClaims const&, LinkClaims const&) = default;
};

/// Several during a rotation: the first signs, all verify. At least 16 random bytes each.
struct LinkKey {
    std::uint8_t id = 0;
    Bytes secret;
};

LinkKey link_key(std::uint8_t id, std::string_view secret);

/// How long a link works from the moment of sending. An unsubscribe link must outlive 60 days (reference: wire.md 27).
Seconds link_life(LinkPurpose purpose);

/// base64url, about 70 characters: version, key id, claims and 128 bits of HMAC-SHA256.
std::string sign(LinkClaims const& claims, LinkKey const& key);

/// Errc::unauthorized when it is not ours, whatever the reason; Errc::not_found when it was and has expired.
Result<LinkClaims> verify(std::string_view token, std::span<LinkKey const> keys, Instant now);

/// "<public_url>/c/<token>", the letter by purpose.
std::string link_url(std::string_view public_url, LinkClaims const& claims, LinkKey const& key);

}  // namespace recoup::core
