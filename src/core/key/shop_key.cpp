#include "core/key/shop_key.hpp"

#include "recoup/base/digest.hpp"

#include <algorithm>

namespace recoup::core {
namespace {

constexpr std::size_t most_scope_bytes = 64;
constexpr std::size_t hint_bytes = 7;   // "rk_" and four more

}  // namespace

bool is_key(ShopSecret const& secret) { return secret.kind == "bearer" || secret.kind == "write_key"; }

std::string key_id(ShopSecret const& key) { return stable_id("key", {key.shop_id, key.source, key.kind, key.secret}); }

FreshKey fresh_bearer_key(Random& random) {
    Bytes bytes(32);
    random.fill(bytes);
    FreshKey fresh;
    fresh.shown = "rk_" + to_base64url(bytes);
    fresh.secret.kind = "bearer";
    fresh.secret.secret = to_hex(sha256(fresh.shown));
    fresh.secret.hint = key_hint(fresh.shown);
    return fresh;
}

std::string key_hint(std::string_view key) { return std::string(key.substr(0, std::min(hint_bytes, key.size() / 4))); }

bool is_scope(std::string_view text) {
    if (text == "*") return true;
    if (text.ends_with(".*")) text.remove_suffix(2);
    return !text.empty() && text.size() <= most_scope_bytes && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
    });
}

bool scopes_allow(std::span<std::string const> scopes, std::string_view type) {
    return scopes.empty() || std::any_of(scopes.begin(), scopes.end(), [type](std::string_view scope) {
        if (scope == "*" || scope == type) return true;
        return scope.ends_with(".*") && type.starts_with(scope.substr(0, scope.size() - 1));
    });
}

bool is_active(ShopSecret const& secret, Instant now) { return secret.not_after == never || now < secret.not_after; }

}  // namespace recoup::core
