// WooCommerce webhooks (class-wc-webhook.php): base64 HMAC-SHA256 of the raw body; topic and ids come from headers.
#include "adapter/source/list.hpp"
#include "adapter/source/shared/event_parts.hpp"
#include "adapter/source/shared/signature.hpp"
#include "adapter/source/shared/text.hpp"
#include "adapter/source/woocommerce/topics.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace recoup::source {
namespace {

constexpr std::array<std::string_view, 1> kinds{"hmac"};
constexpr std::array<std::pair<std::string_view, char>, 6> entities{
    {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#039;", '\''}, {"&#39;", '\''}}};

/// WooCommerce undoes HTML escapes in its secret before it signs.
std::string unescaped(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        auto const starts = [&](auto const& entry) { return text.starts_with(entry.first); };
        auto const found = std::find_if(entities.begin(), entities.end(), starts);
        out += found == entities.end() ? text.front() : found->second;
        text.remove_prefix(found == entities.end() ? 1 : found->first.size());
    }
    return out;
}

/// What it sends, unsigned, when a webhook is made or turned on; it wants 200 and nothing else happens.
bool is_ping(HttpRequest const& http) {
    constexpr std::string_view start = "webhook_id=";
    std::string_view const body = http.body;
    auto const id = body.substr(std::min(body.size(), start.size()));
    bool const number = std::all_of(id.begin(), id.end(), [](char c) { return c >= '0' && c <= '9'; });
    return media_type(http.header("content-type")) == "application/x-www-form-urlencoded" && body.starts_with(start) &&
           number && !id.empty() && id.size() <= 20;
}

/// A delivery id is shared by all of one second, so what was delivered names itself.
std::string id_of(std::string_view topic, Json body, std::string_view bytes) {
    return std::string(topic) + ":" + body["id"].id() + ":" + to_hex(sha256(bytes)).substr(0, 32);
}

class WooCommerce final : public Source {
public:
    std::string_view name() const override { return "woocommerce"; }
    std::size_t body_limit() const override { return limits::webhook_body_bytes; }
    bool accepts(std::string_view type) const override {
        return type.empty() || type == "application/json" || type == "application/x-www-form-urlencoded";
    }
    std::span<std::string_view const> secret_kinds() const override { return kinds; }

    Result<void> authenticate(SourceRequest const& request) const override {
        if (is_ping(request.http)) return {};
        for (std::string_view const needed : {"X-WC-Webhook-Topic", "X-WC-Webhook-Signature"})
            if (!is_header_id(request.http.header(needed)))
                return error(Errc::invalid, "The header " + std::string(needed) + " is absent or malformed.");
        auto const signature = from_base64(request.http.header("x-wc-webhook-signature"));
        std::vector<ShopSecret> secrets(request.secrets.begin(), request.secrets.end());
        for (auto& secret : secrets) secret.secret = unescaped(secret.secret);
        if (!signature || !any_hmac_matches(secrets, "hmac", request.http.body, *signature))
            return error(Errc::unauthorized, "");
        return {};
    }

    Result<Delivery> parse(SourceRequest const& request) const override {
        Delivery delivery;
        if (is_ping(request.http)) return delivery;
        auto const document = JsonDocument::parse(request.http.body);
        if (!document) return document.error();
        auto const body = document->root();
        if (!body.is_object()) return error(Errc::invalid, "The body must be a JSON object.");
        auto const topic_name = request.http.header("x-wc-webhook-topic");
        auto const id = id_of(topic_name, body, request.http.body);
        Event event = new_event(request, name(), id, topic_name);
        woocommerce::Topic const topic{body, request.shop, topic_name};
        if (auto const read = woocommerce::reader_of(topic_name)) {
            auto missing = read(topic, event);
            if (!missing.empty()) dead_letter(event, std::move(missing), request.http.body);
        }
        auto more = woocommerce::more_of(topic, event);
        delivery.items.push_back({id, std::move(event)});
        for (auto& other : more) {
            auto other_id = other.id;
            delivery.items.push_back({std::move(other_id), std::move(other)});
        }
        return delivery;
    }

    HttpResponse answer(Delivery const&) const override { return accepted(); }
    HttpResponse preflight(SourceRequest const&) const override { return no_preflight(); }
};

}  // namespace

std::unique_ptr<Source> woocommerce_source() {
    return std::make_unique<WooCommerce>();
}

}  // namespace recoup::source
