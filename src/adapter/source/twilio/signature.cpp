#include "adapter/source/twilio/signature.hpp"

#include "adapter/source/shared/text.hpp"
#include "adapter/source/twilio/form.hpp"
#include "recoup/base/digest.hpp"

#include <algorithm>

namespace recoup::source::twilio {
namespace {

/// "https://host", "https://host:443", and the same for http and 80.
std::vector<std::string> spellings(std::string_view base) {
    std::vector<std::string> all{std::string(base)};
    bool const secure = base.starts_with("https://");
    std::string_view const port = secure ? ":443" : ":80";
    auto const host = base.find("://") + 3;
    auto const end = std::min(base.size(), base.find('/', host));
    auto const authority = base.substr(0, end);
    if (authority.ends_with(port)) {
        all.push_back(std::string(authority.substr(0, authority.size() - port.size())) + std::string(base.substr(end)));
    } else if (authority.find(':', host) == std::string_view::npos) {
        all.push_back(std::string(authority) + std::string(port) + std::string(base.substr(end)));
    }
    return all;
}

/// Sorted by key, then value; a repeated pair counts once.
std::string signed_fields(std::string_view body) {
    auto form = parse_form(body);
    std::sort(form.begin(), form.end());
    form.erase(std::unique(form.begin(), form.end()), form.end());
    std::string out;
    for (auto const& [key, content] : form) out += key + content;
    return out;
}

}  // namespace

Result<void> verify(SourceRequest const& request) {
    auto const& http = request.http;
    auto const header = http.header("x-twilio-signature");
    if (header.empty()) return error(Errc::invalid, "The header X-Twilio-Signature is absent.");
    auto const given = from_base64(header);
    if (!given) return error(Errc::unauthorized, "");
    auto const tail = http.path + (http.query.empty() ? "" : "?" + http.query);
    bool const json = media_type(http.header("content-type")) == "application/json";
    bool const body_matches = !json || http.query_value("bodySHA256") == to_hex(sha256(http.body));
    auto const fields = json ? std::string{} : signed_fields(http.body);
    bool matched = false;
    for (auto const& base : spellings(request.public_url))
        for (auto const& secret : request.secrets)
            if (secret.kind == "auth_token" && !secret.secret.empty())
                matched |= equal_constant_time(hmac_sha1(as_bytes(secret.secret), base + tail + fields), *given);
    if (!matched || !body_matches) return error(Errc::unauthorized, "");
    return {};
}

}  // namespace recoup::source::twilio
