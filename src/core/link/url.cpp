#include "core/link/url.hpp"

#include "recoup/base/limits.hpp"

#include <algorithm>

namespace recoup::core {

std::optional<std::string> http_host(std::string_view url) {
    if (url.size() > limits::url_bytes) return std::nullopt;
    bool const clean = std::all_of(url.begin(), url.end(), [](unsigned char c) {
        return c > 0x20 && c < 0x7f && c != '\\' && c != '<' && c != '>' && c != '"';
    });
    if (!clean) return std::nullopt;
    if (url.starts_with("https://")) url.remove_prefix(8);
    else if (url.starts_with("http://")) url.remove_prefix(7);
    else return std::nullopt;
    auto const authority = url.substr(0, url.find_first_of("/?#"));
    auto const colon = authority.find(':');
    std::string host(authority.substr(0, colon));
    if (colon != authority.npos && authority.find_first_not_of("0123456789", colon + 1) != authority.npos)
        return std::nullopt;  // also "user:secret@host" and IPv6 literals, which no shop has
    for (auto& c : host)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789.-_";
    if (host.empty() || host.find_first_not_of(allowed) != std::string::npos) return std::nullopt;
    return host;
}

}  // namespace recoup::core
