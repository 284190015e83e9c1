#include "adapter/source/events/standard_webhooks.hpp"

#include "adapter/source/shared/text.hpp"
#include "recoup/base/digest.hpp"

#include <charconv>

namespace recoup::source::events {
namespace {

constexpr Seconds tolerance{300};

/// ^[0-9]{1,12}$; the reference library also takes "123abc", which signs something else than it says.
Result<Instant> sent_at(std::string_view text) {
    std::int64_t seconds = 0;
    auto const [end, failure] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    bool const whole = failure == std::errc{} && end == text.data() + text.size();
    if (!whole || text.size() > 12 || text[0] == '-') return error(Errc::invalid, "webhook-timestamp must be Unix seconds.");
    return instant_from_seconds(seconds);
}

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

Result<Bytes> key_of(ShopSecret const& secret) {
    std::string_view text = secret.secret;
    if (text.starts_with("whsec_")) text.remove_prefix(6);
    return from_base64(text);
}

}  // namespace

Result<void> verify_standard_webhook(SourceRequest const& request) {
    auto const id = request.http.header("webhook-id");
    auto const timestamp = request.http.header("webhook-timestamp");
    auto const signature = request.http.header("webhook-signature");
    if (id.empty() && timestamp.empty() && signature.empty()) return error(Errc::unauthorized, "");
    if (!is_header_id(id) || timestamp.empty() || signature.empty())
        return error(Errc::invalid, "Send webhook-id, webhook-timestamp and webhook-signature.");
    auto const at = sent_at(timestamp);
    if (!at) return at.error();
    auto const signatures = listed_signatures(signature);
    std::string const message = std::string(id) + "." + std::string(timestamp) + "." + request.http.body;
    bool matched = false;
    for (auto const& secret : request.secrets) {
        auto const key = key_of(secret);
        if (secret.kind != "hmac" || !key || key->empty()) continue;
        auto const expected = hmac_sha256(*key, message);
        for (auto const& given : signatures) matched |= equal_constant_time(expected, given);
    }
    bool const timely = *at >= request.received_at - tolerance && *at <= request.received_at + tolerance;
    if (!matched || !timely) return error(Errc::unauthorized, "");
    return {};
}

}  // namespace recoup::source::events
