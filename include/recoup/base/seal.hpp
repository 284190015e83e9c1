#pragma once
// Encryption at rest: AES-256-GCM (NIST SP 800-38D). A sealed text is one version byte (1), a random nonce of 12 bytes,
// the ciphertext and a tag of 16 bytes; it opens only with the same key and the same context.

#include "recoup/base/digest.hpp"
#include "recoup/base/random.hpp"

namespace recoup {

class SealingKey {
public:
    static constexpr std::size_t bytes = 32;

    /// 32 bytes as base64. Errc::configuration otherwise.
    static Result<SealingKey> from_base64_text(std::string_view text);

    /// `context` (what the text belongs to) is not stored but must be given again. A key seals at most 2^32 texts.
    Bytes seal(std::string_view plain, std::string_view context, Random& random) const;
    /// Errc::invalid when it was sealed with another key or for another context, or was changed.
    Result<std::string> open(std::span<std::uint8_t const> sealed, std::string_view context) const;

private:
    explicit SealingKey(std::array<std::uint8_t, bytes> key) : key_(key) {}

    std::array<std::uint8_t, bytes> key_;
};

}  // namespace recoup
