#include "recoup/base/seal.hpp"

#include "recoup/base/assert.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>

namespace recoup {
namespace {

constexpr std::uint8_t seal_version = 1;
constexpr std::size_t nonce_bytes = 12, tag_bytes = 16, head_bytes = 1 + nonce_bytes;

struct FreeCipher {
    void operator()(EVP_CIPHER_CTX* held) const { EVP_CIPHER_CTX_free(held); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

std::uint8_t const* as_octets(std::string_view text) { return reinterpret_cast<std::uint8_t const*>(text.data()); }

Error not_ours() { return error(Errc::invalid, "the sealed bytes were changed, or sealed with another key"); }

}  // namespace

Result<SealingKey> SealingKey::from_base64_text(std::string_view text) {
    auto const decoded = from_base64(text);
    if (!decoded || decoded->size() != bytes) return error(Errc::configuration, "a key is 32 random bytes in base64");
    std::array<std::uint8_t, bytes> key{};
    std::copy(decoded->begin(), decoded->end(), key.begin());
    return SealingKey(key);
}

Bytes SealingKey::seal(std::string_view plain, std::string_view context, Random& random) const {
    Bytes sealed(head_bytes + plain.size() + tag_bytes);
    sealed[0] = seal_version;
    random.fill(std::span(sealed).subspan(1, nonce_bytes));
    Cipher const cipher(EVP_CIPHER_CTX_new());
    int length = 0;
    bool good =
        cipher && EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key_.data(), sealed.data() + 1) == 1;
    good = good &&
           EVP_EncryptUpdate(cipher.get(), nullptr, &length, as_octets(context), static_cast<int>(context.size())) == 1;
    good = good && EVP_EncryptUpdate(cipher.get(), sealed.data() + head_bytes, &length, as_octets(plain),
                                     static_cast<int>(plain.size())) == 1;
    good = good && EVP_EncryptFinal_ex(cipher.get(), sealed.data() + head_bytes + plain.size(), &length) == 1;
    good = good && EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(tag_bytes),
                                       sealed.data() + head_bytes + plain.size()) == 1;
    RECOUP_ASSERT(good);
    return sealed;
}

Result<std::string> SealingKey::open(std::span<std::uint8_t const> sealed, std::string_view context) const {
    if (sealed.size() < head_bytes + tag_bytes || sealed[0] != seal_version) return not_ours();
    auto const text = sealed.subspan(head_bytes, sealed.size() - head_bytes - tag_bytes);
    std::array<std::uint8_t, tag_bytes> tag{};
    std::copy(sealed.end() - tag_bytes, sealed.end(), tag.begin());
    std::string plain(text.size(), '\0');
    auto* const out = reinterpret_cast<std::uint8_t*>(plain.data());
    Cipher const cipher(EVP_CIPHER_CTX_new());
    int length = 0;
    bool good =
        cipher && EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key_.data(), sealed.data() + 1) == 1;
    good = good &&
           EVP_DecryptUpdate(cipher.get(), nullptr, &length, as_octets(context), static_cast<int>(context.size())) == 1;
    good = good && EVP_DecryptUpdate(cipher.get(), out, &length, text.data(), static_cast<int>(text.size())) == 1;
    good =
        good && EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(tag_bytes), tag.data()) == 1;
    good = good && EVP_DecryptFinal_ex(cipher.get(), out + plain.size(), &length) == 1;
    if (!good) return not_ours();
    return plain;
}

}  // namespace recoup
