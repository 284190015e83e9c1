#include "adapter/source/shared/standard_webhooks.hpp"

#include "adapter/source/shared/signature.hpp"
#include "adapter/source/shared/text.hpp"

#include <algorithm>

namespace recoup::source {
namespace {

std::vector<Bytes> listed_signatures(std::string_view header) {
    std::vector<Bytes> found;
    while (!header.empty()) {
        auto const token = header.substr(0, header.find(' '));
        header.remove_prefix(std::min(header.size(), token.size() + 1));
        if (!token.starts_with("v1,")) continue;  // unknown versions are ignored
        if (auto bytes = from_base64(token.substr(3))) found.push_back(*std::move(bytes));
    }
    return found;
}

}  // namespace

Bytes key_of_base64(std::string_view secret) {
    if (secret.starts_with("whsec_")) secret.remove_prefix(6);
    auto key = from_base64(secret);
    return key ? *std::move(key) : Bytes{};
}

Bytes key_of_text(std::string_view secret) { return {secret.begin(), secret.end()}; }

Result<void> verify_standard_webhook(SourceRequest const& request, std::string_view body, KeyOf key_of) {
    auto const id = request.http.header("webhook-id");
    auto const timestamp = request.http.header("webhook-timestamp");
    auto const signature = request.http.header("webhook-signature");
    if (id.empty() && timestamp.empty() && signature.empty()) return error(Errc::unauthorized, "");
    if (!is_header_id(id) || timestamp.empty() || signature.empty())
        return error(Errc::invalid, "Send webhook-id, webhook-timestamp and webhook-signature.");
    auto const at = unix_seconds(timestamp);
    if (!at) return error(Errc::invalid, "webhook-timestamp must be Unix seconds.");
    auto const signatures = listed_signatures(signature);
    std::string const message = std::string(id) + "." + std::string(timestamp) + "." + std::string(body);
    bool matched = false;
    for (auto const& secret : request.secrets) {
        auto const key = key_of(secret.secret);
        if (secret.kind != "hmac" || key.empty()) continue;
        auto const expected = hmac_sha256(key, message);
        for (auto const& given : signatures) matched |= equal_constant_time(expected, given);
    }
    if (!matched || !is_timely(*at, request.received_at)) return error(Errc::unauthorized, "");
    return {};
}

}  // namespace recoup::source
