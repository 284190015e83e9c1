#include "app/demo/signed_call.hpp"

#include "recoup/base/digest.hpp"

namespace recoup::demo {
namespace {

HttpCall call_to(Store const& store, std::string_view source, std::string body) {
    HttpCall call;
    call.url = store.public_url + "/webhooks/" + store.shop + "/" + std::string(source);
    call.headers.emplace_back("Content-Type", "application/json");
    call.body = std::move(body);
    return call;
}

}  // namespace

HttpCall shopify_call(Store const& store, std::string_view topic, std::string id, std::string body, Instant triggered_at) {
    auto call = call_to(store, "shopify", std::move(body));
    auto const signature = hmac_sha256(as_bytes(store.shopify_secret), call.body);
    call.headers.emplace_back("X-Shopify-Topic", std::string(topic));
    call.headers.emplace_back("X-Shopify-Hmac-Sha256", to_base64(signature));
    call.headers.emplace_back("X-Shopify-Shop-Domain", store.shop_domain);
    call.headers.emplace_back("X-Shopify-API-Version", "2026-04");
    call.headers.emplace_back("X-Shopify-Webhook-Id", std::move(id));
    call.headers.emplace_back("X-Shopify-Triggered-At", to_rfc3339(triggered_at));
    return call;
}

Result<HttpCall> event_call(Store const& store, std::string id, std::string body, Instant now) {
    std::string_view secret = store.events_secret;
    if (secret.starts_with("whsec_")) secret.remove_prefix(6);
    auto const key = from_base64(secret);
    if (!key || key->empty())
        return error(Errc::configuration, "the events secret is not base64; `recoup shop secret` shows it");
    auto call = call_to(store, "events", std::move(body));
    auto const timestamp = std::to_string(to_millis(now) / 1000);
    auto const signature = hmac_sha256(*key, id + "." + timestamp + "." + call.body);
    call.headers.emplace_back("webhook-id", std::move(id));
    call.headers.emplace_back("webhook-timestamp", timestamp);
    call.headers.emplace_back("webhook-signature", "v1," + to_base64(signature));
    return call;
}

HttpCall pixel_call(Store const& store, std::string body) {
    auto call = call_to(store, "pixel", std::move(body));
    call.url += "?key=" + store.pixel_key;
    call.headers.front().second = "text/plain;charset=UTF-8";  // what sendBeacon sends
    call.headers.emplace_back("Origin", "https://" + store.shop_domain);
    call.headers.emplace_back("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
    return call;
}

}  // namespace recoup::demo
