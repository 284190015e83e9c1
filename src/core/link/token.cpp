#include "core/link/token.hpp"

#include "recoup/base/assert.hpp"

#include <algorithm>
#include <optional>

namespace recoup::core {
namespace {

// version(1) key(1) purpose(1) expires(4, seconds) target(2) shop length(1) shop message mac(16), big endian
constexpr char version = 1;
constexpr std::size_t mac_size = 16;
constexpr std::size_t fixed_size = 10;
constexpr std::size_t token_limit = 600;
constexpr std::uint32_t no_target = 0xffff;

void put(std::string& out, std::uint64_t number, int bytes) {
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) out += static_cast<char>((number >> shift) & 0xff);
}

std::uint32_t get(std::span<std::uint8_t const> bytes) {
    std::uint32_t number = 0;
    for (auto const byte : bytes) number = (number << 8) | byte;
    return number;
}

/// The prefix keeps these MACs apart from any other use of the key.
Sha256 mac(LinkKey const& key, std::string_view payload) {
    return hmac_sha256(key.secret, "recoup.link.v1:" + std::string(payload));
}

std::optional<LinkPurpose> purpose_from(std::uint8_t letter) {
    for (auto const purpose : {LinkPurpose::click, LinkPurpose::restore, LinkPurpose::unsubscribe, LinkPurpose::open})
        if (static_cast<char>(purpose) == static_cast<char>(letter)) return purpose;
    return std::nullopt;
}

}  // namespace

LinkKey link_key(std::uint8_t id, std::string_view secret) { return {id, Bytes(secret.begin(), secret.end())}; }

Seconds link_life(LinkPurpose purpose) {
    switch (purpose) {
        case LinkPurpose::open:
        case LinkPurpose::click: return std::chrono::days{60};
        case LinkPurpose::restore: return std::chrono::days{30};
        case LinkPurpose::unsubscribe: return std::chrono::days{400};
    }
    return {};
}

std::string sign(LinkClaims const& claims, LinkKey const& key) {
    RECOUP_ASSERT(key.secret.size() >= 16);
    RECOUP_ASSERT(claims.shop_id.size() < 256 && claims.message_id.size() < 256 && claims.target < 65535);
    std::string payload;
    put(payload, static_cast<std::uint8_t>(version), 1);
    put(payload, key.id, 1);
    payload += static_cast<char>(claims.purpose);
    put(payload, static_cast<std::uint64_t>(to_millis(claims.expires_at) / 1000), 4);
    put(payload, claims.target < 0 ? no_target : static_cast<std::uint32_t>(claims.target), 2);
    put(payload, claims.shop_id.size(), 1);
    payload += claims.shop_id;
    payload += claims.message_id;
    auto const full = mac(key, payload);
    payload.append(full.begin(), full.begin() + mac_size);
    return to_base64url(as_bytes(payload));
}

Result<LinkClaims> verify(std::string_view token, std::span<LinkKey const> keys, Instant now) {
    auto const refuse = [] { return error(Errc::unauthorized, "the link is not valid"); };
    if (token.size() > token_limit) return refuse();
    auto const decoded = from_base64url(token);
    if (!decoded || decoded->size() <= fixed_size + mac_size || (*decoded)[0] != version) return refuse();
    std::span<std::uint8_t const> const bytes(*decoded);
    auto const payload = bytes.first(bytes.size() - mac_size);
    auto const key = std::find_if(keys.begin(), keys.end(), [&](LinkKey const& k) { return k.id == payload[1]; });
    if (key == keys.end() || key->secret.size() < 16) return refuse();
    auto const text = std::string_view(reinterpret_cast<char const*>(payload.data()), payload.size());
    auto const expected = mac(*key, text);
    if (!equal_constant_time(std::span(expected).first(mac_size), bytes.last(mac_size))) return refuse();

    auto const purpose = purpose_from(payload[2]);
    std::size_t const shop_size = payload[9];
    if (!purpose || fixed_size + shop_size >= payload.size()) return refuse();
    LinkClaims claims;
    claims.purpose = *purpose;
    claims.expires_at = instant_from_seconds(get(payload.subspan(3, 4)));
    auto const target = get(payload.subspan(7, 2));
    claims.target = target == no_target ? -1 : static_cast<int>(target);
    claims.shop_id = text.substr(fixed_size, shop_size);
    claims.message_id = text.substr(fixed_size + shop_size);
    if (now >= claims.expires_at) return error(Errc::not_found, "the link has expired");
    return claims;
}

std::string link_url(std::string_view public_url, LinkClaims const& claims, LinkKey const& key) {
    auto url = std::string(public_url) + "/" + static_cast<char>(claims.purpose) + "/";
    return url + sign(claims, key);
}

}  // namespace recoup::core
