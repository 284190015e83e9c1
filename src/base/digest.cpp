#include "recoup/base/digest.hpp"

#include "recoup/base/assert.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <algorithm>
#include <memory>

namespace recoup {
namespace {

constexpr std::string_view standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_safe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string encode(std::span<std::uint8_t const> bytes, std::string_view alphabet, bool pad) {
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    std::uint32_t window = 0;
    int bits = 0;
    for (auto const byte : bytes) {
        window = (window << 8) | byte;
        for (bits += 8; bits >= 6;) out += alphabet[(window >> (bits -= 6)) & 63];
    }
    if (bits > 0) out += alphabet[(window << (6 - bits)) & 63];
    while (pad && out.size() % 4 != 0) out += '=';
    return out;
}

constexpr std::uint8_t not_a_digit = 0xFF;

constexpr std::array<std::uint8_t, 256> values_of(std::string_view alphabet) {
    std::array<std::uint8_t, 256> values{};
    values.fill(not_a_digit);
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
    return values;
}

constexpr auto standard_values = values_of(standard);
constexpr auto url_safe_values = values_of(url_safe);

Result<Bytes> decode(std::string_view text, std::array<std::uint8_t, 256> const& values) {
    auto const bad = [] { return error(Errc::invalid, "not base64"); };
    if (text.size() % 4 == 1) return bad();
    Bytes out;
    out.reserve(text.size() * 3 / 4);
    std::uint32_t window = 0;
    int bits = 0;
    for (char const c : text) {
        auto const value = values[static_cast<unsigned char>(c)];
        if (value == not_a_digit) return bad();
        window = (window << 6) | value;
        if ((bits += 6) >= 8) out.push_back(static_cast<std::uint8_t>(window >> (bits -= 8)));
    }
    if ((window & ((1U << bits) - 1)) != 0) return bad();  // one text for one value
    return out;
}

/// HMAC contexts that stay keyed: OpenSSL's look-ups and the key's own two blocks are paid once a key and thread, which
/// is most of the cost of a short message. The oldest of a few makes room.
class KeyedMacs {
public:
    explicit KeyedMacs(char const* digest) : digest_(digest) {}
    ~KeyedMacs() {
        for (auto& keyed : macs_) forget(keyed);
    }
    KeyedMacs(KeyedMacs const&) = delete;
    KeyedMacs& operator=(KeyedMacs const&) = delete;

    void sign(std::span<std::uint8_t const> key, std::string_view message, std::span<std::uint8_t> out) {
        auto* const context = keyed(key);
        std::size_t size = 0;
        RECOUP_ASSERT(EVP_MAC_init(context, nullptr, 0, nullptr) == 1 &&
                      EVP_MAC_update(context, reinterpret_cast<std::uint8_t const*>(message.data()), message.size()) == 1 &&
                      EVP_MAC_final(context, out.data(), &size, out.size()) == 1 && size == out.size());
    }

private:
    struct Keyed {
        Bytes key;
        EVP_MAC_CTX* context = nullptr;
    };

    EVP_MAC_CTX* keyed(std::span<std::uint8_t const> key) {
        for (auto& one : macs_)
            if (one.context != nullptr && std::ranges::equal(one.key, key)) return one.context;
        auto& room = macs_[next_++ % macs_.size()];
        forget(room);
        room.key.assign(key.begin(), key.end());
        room.context = EVP_MAC_CTX_new(hmac_.get());
        static constexpr std::uint8_t empty_key = 0;
        OSSL_PARAM const parameters[] = {OSSL_PARAM_construct_utf8_string("digest", const_cast<char*>(digest_), 0),
                                         OSSL_PARAM_construct_end()};
        RECOUP_ASSERT(room.context != nullptr &&
                      EVP_MAC_init(room.context, key.empty() ? &empty_key : key.data(), key.size(), parameters) == 1);
        return room.context;
    }

    static void forget(Keyed& keyed) {
        OPENSSL_cleanse(keyed.key.data(), keyed.key.size());
        EVP_MAC_CTX_free(keyed.context);
        keyed = {};
    }

    char const* digest_;
    std::unique_ptr<EVP_MAC, decltype(&EVP_MAC_free)> hmac_{EVP_MAC_fetch(nullptr, "HMAC", nullptr), &EVP_MAC_free};
    std::array<Keyed, 32> macs_;
    std::size_t next_ = 0;
};

}  // namespace

Sha256 sha256(std::string_view data) {
    // The one-shot SHA256() of OpenSSL 3 looks its algorithm up at every call, which costs more than a short hash.
    struct Hasher {
        std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> digest{EVP_MD_fetch(nullptr, "SHA256", nullptr), &EVP_MD_free};
        std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
    };
    thread_local Hasher const hasher;
    Sha256 out{};
    RECOUP_ASSERT(EVP_DigestInit_ex2(hasher.context.get(), hasher.digest.get(), nullptr) == 1 &&
                  EVP_DigestUpdate(hasher.context.get(), data.data(), data.size()) == 1 &&
                  EVP_DigestFinal_ex(hasher.context.get(), out.data(), nullptr) == 1);
    return out;
}

std::uint64_t stable_hash(std::string_view data) {
    auto const digest = sha256(data);
    std::uint64_t value = 0;
    for (int i = 0; i < 8; ++i) value = (value << 8) | digest[static_cast<std::size_t>(i)];
    return value;
}

Sha256 hmac_sha256(std::span<std::uint8_t const> key, std::string_view message) {
    thread_local KeyedMacs macs("SHA256");
    Sha256 out{};
    macs.sign(key, message, out);
    return out;
}

std::array<std::uint8_t, 20> hmac_sha1(std::span<std::uint8_t const> key, std::string_view message) {
    thread_local KeyedMacs macs("SHA1");
    std::array<std::uint8_t, 20> out{};
    macs.sign(key, message, out);
    return out;
}

bool equal_constant_time(std::span<std::uint8_t const> a, std::span<std::uint8_t const> b) {
    return a.size() == b.size() && (a.empty() || CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0);
}

std::string to_hex(std::span<std::uint8_t const> bytes) {
    constexpr std::string_view hex = "0123456789abcdef";
    std::string out;
    out.reserve(bytes.size() * 2);
    for (auto const byte : bytes) {
        out += hex[byte >> 4];
        out += hex[byte & 15];
    }
    return out;
}

std::string to_base64(std::span<std::uint8_t const> bytes) { return encode(bytes, standard, true); }
std::string to_base64url(std::span<std::uint8_t const> bytes) { return encode(bytes, url_safe, false); }

Result<Bytes> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) return error(Errc::invalid, "not base64");
    for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
    return decode(text, standard_values);
}

Result<Bytes> from_base64url(std::string_view text) { return decode(text, url_safe_values); }

std::string stable_id(std::string_view prefix, std::initializer_list<std::string_view> parts) {
    constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    std::string joined;
    for (auto const part : parts) {
        joined += part;
        joined += '\0';
    }
    auto const digest = sha256(joined);
    std::string out{prefix};
    out += '_';
    std::uint32_t window = 0;
    int bits = 0;
    for (std::size_t i = 0; i < 10; ++i) {
        window = (window << 8) | digest[i];
        for (bits += 8; bits >= 5;) out += alphabet[(window >> (bits -= 5)) & 31];
    }
    return out;
}

}  // namespace recoup
