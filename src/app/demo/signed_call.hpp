#pragma once
// Calls as a real store makes them: Shopify's HMAC over the raw body (reference: wire.md 1), Standard Webhooks for
// custom events (wire.md 5), the public write key for the pixel.

#include "recoup/base/time.hpp"
#include "recoup/port/http.hpp"

#include <string>
#include <string_view>

namespace recoup::demo {

/// Where a store sends to, and what it signs with.
struct Store {
    std::string public_url;       // no trailing slash
    std::string shop, shop_domain;
    std::string shopify_secret;   // used as it is
    std::string events_secret;    // "whsec_..." or plain base64
    std::string pixel_key;
};

/// `id` is the delivery's: the same when it is sent again. `triggered_at` is the daemon's time.
HttpCall shopify_call(Store const& store, std::string_view topic, std::string id, std::string body, Instant triggered_at);

/// `now` is the daemon's time: its distance to the daemon's clock may be five minutes. Errc::configuration when the
/// secret is not base64.
Result<HttpCall> event_call(Store const& store, std::string id, std::string body, Instant now);

HttpCall pixel_call(Store const& store, std::string body);

}  // namespace recoup::demo
