#include "adapter/source/stripe/signature.hpp"

#include "adapter/source/shared/signature.hpp"
#include "adapter/source/shared/text.hpp"

#include <algorithm>

namespace recoup::source::stripe {
namespace {

struct Signed {
    std::string_view time;
    std::vector<std::string_view> signatures;  // hex, of the scheme v1; others are ignored
};

Signed read_header(std::string_view header) {
    Signed found;
    while (!header.empty()) {
        auto const part = header.substr(0, header.find(','));
        header.remove_prefix(std::min(header.size(), part.size() + 1));
        auto const element = trimmed(part);
        if (element.starts_with("t=") && found.time.empty()) found.time = element.substr(2);
        if (element.starts_with("v1=")) found.signatures.push_back(element.substr(3));
    }
    return found;
}

}  // namespace

Result<void> verify(SourceRequest const& request) {
    auto const header = read_header(request.http.header("stripe-signature"));
    auto const at = unix_seconds(header.time);
    if (!at) return error(Errc::invalid, "The header Stripe-Signature is absent or malformed.");
    auto const message = std::string(header.time) + "." + request.http.body;
    bool matched = false;
    for (auto const& secret : request.secrets) {
        if (secret.kind != "hmac" || secret.secret.empty()) continue;
        auto const expected = to_hex(hmac_sha256(as_bytes(secret.secret), message));
        for (auto const given : header.signatures) matched |= equal_constant_time(as_bytes(expected), as_bytes(given));
    }
    if (!matched || !is_timely(*at, request.received_at)) return error(Errc::unauthorized, "");
    return {};
}

}  // namespace recoup::source::stripe
