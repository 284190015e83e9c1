// Shopify webhooks over HTTPS (shopify.dev/docs/apps/build/webhooks): base64 HMAC-SHA256 of the raw body. Nothing else
// is signed, so topic, shop and ids come from headers that the path's shop and its secret must vouch for.
#include "adapter/source/list.hpp"
#include "adapter/source/shared/event_parts.hpp"
#include "adapter/source/shared/signature.hpp"
#include "adapter/source/shared/text.hpp"
#include "adapter/source/shopify/topics.hpp"

#include <array>

namespace recoup::source {
namespace {

constexpr std::array<std::string_view, 1> kinds{"hmac"};

/// The newer family has no prefix and is preferred when both are there.
std::string_view header(HttpRequest const& http, std::string_view name) {
    auto const value = http.header(name.substr(std::string_view("X-").size()));
    return value.empty() ? http.header(name) : value;
}

constexpr std::string_view topic_header = "X-Shopify-Topic", id_header = "X-Shopify-Webhook-Id",
                           signature_header = "X-Shopify-Hmac-Sha256", domain_header = "X-Shopify-Shop-Domain",
                           time_header = "X-Shopify-Triggered-At";

class Shopify final : public Source {
public:
    std::string_view name() const override { return "shopify"; }
    std::size_t body_limit() const override { return limits::webhook_body_bytes; }
    bool accepts(std::string_view media_type) const override { return media_type.empty() || media_type == "application/json"; }
    std::span<std::string_view const> secret_kinds() const override { return kinds; }

    Result<void> authenticate(SourceRequest const& request) const override {
        for (auto const needed : {topic_header, id_header, signature_header})
            if (!is_header_id(header(request.http, needed)))
                return error(Errc::invalid, "The header " + std::string(needed) + " is absent or malformed.");
        auto const signature = from_base64(header(request.http, signature_header));
        if (!signature || !any_hmac_matches(request.secrets, "hmac", request.http.body, *signature))
            return error(Errc::unauthorized, "");
        auto const domain = header(request.http, domain_header);
        bool const foreign = !domain.empty() && !request.shop.domain.empty() && domain != request.shop.domain &&
                             lower_ascii(domain) != lower_ascii(request.shop.domain);
        if (foreign) return error(Errc::unauthorized, "");
        return {};
    }

    Result<Delivery> parse(SourceRequest const& request) const override {
        auto const document = JsonDocument::parse(request.http.body);
        if (!document) return document.error();
        if (!document->root().is_object()) return error(Errc::invalid, "The body must be a JSON object.");
        auto const topic_name = header(request.http, topic_header);
        auto const webhook_id = header(request.http, id_header);
        Event event = new_event(request, name(), webhook_id, topic_name);
        if (auto const triggered = parse_rfc3339(header(request.http, time_header))) {
            event.order_hint = to_millis(*triggered);
            set_occurred(event, *triggered);
        }
        if (auto const read = shopify::reader_of(topic_name)) {
            shopify::Topic const topic{document->root(), request.shop, topic_name};
            if (auto missing = read(topic, event); !missing.empty()) dead_letter(event, std::move(missing), request.http.body);
        }
        Delivery delivery;
        delivery.items.push_back({std::string(webhook_id), std::move(event)});
        return delivery;
    }

    HttpResponse answer(Delivery const&) const override { return accepted(); }
    HttpResponse preflight(SourceRequest const&) const override { return no_preflight(); }
};

}  // namespace

std::unique_ptr<Source> shopify_source() { return std::make_unique<Shopify>(); }

}  // namespace recoup::source
