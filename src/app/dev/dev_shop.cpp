#include "app/dev/dev_shop.hpp"

#include "core/key/shop_key.hpp"

#include <algorithm>

#include "recoup/base/digest.hpp"

namespace recoup::app {
namespace {

Shop demo_shop() {
    Shop shop;
    shop.id = "demo";
    shop.name = "Demo Shop";
    shop.domain = "demo.myshopify.com";
    shop.currency = "USD";
    shop.timezone = "UTC";
    shop.country = "US";
    shop.email_from = "Demo Shop <hello@demo.example>";
    shop.sms_from = "+15005550006";   // Twilio's test number
    shop.postal_address = "Demo Shop, 1 Main Street, Springfield, IL 62701, USA";
    return shop;
}

}  // namespace

std::string fresh_secret(std::string_view source, std::string_view kind, Random& random) {
    Bytes bytes(32);
    random.fill(bytes);
    if (kind == "bearer") return core::fresh_bearer_key(random).shown;
    if (kind == "write_key") return (source == "pixel" ? "px_" : "wk_") + to_base64url(bytes);
    if (source == "events") return "whsec_" + to_base64(bytes);
    if (source == "stripe") return "whsec_" + to_base64url(bytes);
    if (source == "shopify") return "shpss_" + to_hex(bytes);
    return to_base64url(bytes);
}

Result<ShopVoice> dev_shop(postgres::ShopStore& shops, Random& random, Instant now) {
    auto const shop = demo_shop();
    if (auto added = shops.add(shop, now)) {
        auto const events = fresh_secret("events", "hmac", random);
        for (auto const& secret :
             {ShopSecret{shop.id, "shopify", "hmac", fresh_secret("shopify", "hmac", random), never},
              ShopSecret{shop.id, "events", "hmac", events, never},
              ShopSecret{shop.id, "events", "bearer", to_hex(sha256(events)), never},
              ShopSecret{shop.id, "pixel", "write_key", fresh_secret("pixel", "write_key", random), never}})
            if (auto kept = shops.add_secret(secret, now); !kept) return kept.error();
    } else if (added.error().code != Errc::conflict) {
        return added.error();
    }
    return voice_of(shops, shop.id);
}

Result<ShopVoice> voice_of(postgres::ShopStore& shops, std::string const& shop_id) {
    auto const known = shops.list();
    if (!known) return known.error();
    auto const shop = std::find_if(known->begin(), known->end(), [&](Shop const& held) { return held.id == shop_id; });
    if (shop == known->end()) return error(Errc::not_found, "no shop is called '" + shop_id + "'; see `recoup shop list`");
    auto const secrets = shops.secrets();
    if (!secrets) return secrets.error();
    ShopVoice out{shop->id, shop->domain, {}, {}, {}};
    for (auto const& secret : *secrets) {
        if (secret.shop_id != shop_id || secret.not_after != never) continue;
        if (secret.source == "shopify") out.shopify_secret = secret.secret;
        if (secret.source == "events" && secret.kind == "hmac") out.events_secret = secret.secret;
        if (secret.source == "pixel") out.pixel_key = secret.secret;
    }
    return out;
}

}  // namespace recoup::app
