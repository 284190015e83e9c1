#pragma once
// Hashes, MACs and their encodings. Comparison of anything secret goes through equal_constant_time.

#include "recoup/base/result.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace recoup {

using Sha256 = std::array<std::uint8_t, 32>;
using Bytes = std::vector<std::uint8_t>;

Sha256 sha256(std::string_view data);
/// The first eight bytes of SHA-256, big endian: for stable assignment and tie-breaks, not for security.
std::uint64_t stable_hash(std::string_view data);

Sha256 hmac_sha256(std::span<std::uint8_t const> key, std::string_view message);
std::array<std::uint8_t, 20> hmac_sha1(std::span<std::uint8_t const> key, std::string_view message);

/// False at once when the lengths differ (lengths are public), else constant time (see CVE-2024-21491).
bool equal_constant_time(std::span<std::uint8_t const> a, std::span<std::uint8_t const> b);

std::string to_hex(std::span<std::uint8_t const> bytes);
std::string to_base64(std::span<std::uint8_t const> bytes);
/// URL-safe alphabet, no padding (RFC 4648 section 5).
std::string to_base64url(std::span<std::uint8_t const> bytes);
/// Standard alphabet with padding required. Errc::invalid otherwise.
Result<Bytes> from_base64(std::string_view text);
/// URL-safe alphabet, no padding allowed. Errc::invalid otherwise.
Result<Bytes> from_base64url(std::string_view text);

inline std::span<std::uint8_t const> as_bytes(std::string_view text) {
    return {reinterpret_cast<std::uint8_t const*>(text.data()), text.size()};
}

/// 16 characters of lower-case base32 (80 bits) of SHA-256 over the parts joined with NUL, behind `prefix` and '_':
/// the same parts always give the same id, so a replayed event makes the same rows.
std::string stable_id(std::string_view prefix, std::initializer_list<std::string_view> parts);

}  // namespace recoup
