#include "core/web/origin.hpp"

#include "core/web/text.hpp"

#include <algorithm>

namespace recoup::core {
namespace {

bool is_host(std::string_view host) {
    return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    });
}

bool is_port(std::string_view port) {
    return !port.empty() && port.size() <= 5 && std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Error no_origin() {
    return error(Errc::invalid, "an origin is a scheme and a host, like https://shop.example, without a path; or null");
}

}  // namespace

Result<std::string> normal_origin(std::string_view text) {
    auto origin = lower_ascii(text);
    if (origin == "null") return origin;
    auto const scheme = origin.find("://");
    if (scheme == std::string::npos) return no_origin();
    bool const https = origin.substr(0, scheme) == "https", http = origin.substr(0, scheme) == "http";
    auto const authority = std::string_view(origin).substr(scheme + 3);
    auto const colon = authority.find(':');
    if (!(https || http) || origin.size() > 255 || !is_host(authority.substr(0, colon))) return no_origin();
    if (colon == std::string_view::npos) return origin;
    auto const port = authority.substr(colon + 1);
    if (!is_port(port)) return no_origin();
    if ((https && port == "443") || (http && port == "80")) origin.resize(origin.size() - port.size() - 1);
    return origin;
}

bool origin_allowed(Shop const& shop, std::string_view origin) {
    if (!shop.domain.empty() && origin == "https://" + lower_ascii(shop.domain)) return true;
    return std::find(shop.origins.begin(), shop.origins.end(), origin) != shop.origins.end();
}

}  // namespace recoup::core
