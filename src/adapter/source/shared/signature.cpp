#include "adapter/source/shared/signature.hpp"

#include "adapter/source/shared/text.hpp"

#include <charconv>

namespace recoup::source {

bool any_hmac_matches(std::span<ShopSecret const> secrets, std::string_view kind, std::string_view message,
                      std::span<std::uint8_t const> signature) {
    bool matched = false;
    for (auto const& secret : secrets) {
        if (secret.kind != kind || secret.secret.empty()) continue;
        matched |= equal_constant_time(hmac_sha256(as_bytes(secret.secret), message), signature);
    }
    return matched;
}

ShopSecret const* bearer_secret(std::span<ShopSecret const> secrets, std::string_view key) {
    if (key.empty()) return nullptr;
    auto const given = to_hex(sha256(key));
    ShopSecret const* matched = nullptr;
    for (auto const& secret : secrets)
        if (secret.kind == "bearer" && equal_constant_time(as_bytes(secret.secret), as_bytes(given))) matched = &secret;
    return matched;
}

std::string_view bearer_key(std::string_view authorization) {
    constexpr std::string_view scheme = "bearer ";
    bool const bearer = authorization.size() > scheme.size() && lower_ascii(authorization.substr(0, scheme.size())) == scheme;
    return bearer ? trimmed(authorization.substr(scheme.size())) : std::string_view{};
}

ShopSecret const* write_key_secret(std::span<ShopSecret const> secrets, std::string_view key) {
    if (key.empty()) return nullptr;
    ShopSecret const* matched = nullptr;
    for (auto const& secret : secrets)
        if (secret.kind == "write_key" && equal_constant_time(as_bytes(secret.secret), as_bytes(key))) matched = &secret;
    return matched;
}

ShopSecret const* only_key(std::span<ShopSecret const> secrets) {
    ShopSecret const* only = nullptr;
    for (auto const& secret : secrets) {
        if (secret.kind != "bearer" && secret.kind != "write_key") continue;
        if (only != nullptr) return nullptr;
        only = &secret;
    }
    return only;
}

std::optional<Instant> unix_seconds(std::string_view text) {
    std::int64_t seconds = 0;
    auto const [end, failure] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    bool const whole = failure == std::errc{} && end == text.data() + text.size();
    if (!whole || text.size() > 12 || text[0] == '-') return std::nullopt;
    return instant_from_seconds(seconds);
}

bool is_timely(Instant sent_at, Instant now) {
    constexpr Seconds tolerance{300};
    return sent_at >= now - tolerance && sent_at <= now + tolerance;
}

}  // namespace recoup::source
