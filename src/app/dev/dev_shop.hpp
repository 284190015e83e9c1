#pragma once
// The shop `demo` that `recoup dev` makes, with secrets of its own; and what signs for any shop.

#include "adapter/postgres/shop_store.hpp"

#include "recoup/base/digest.hpp"
#include "recoup/base/random.hpp"

#include <string>

namespace recoup::app {

/// What it takes to speak to the public listener as a store.
struct ShopVoice {
    std::string id, domain;
    std::string shopify_secret;   // signs Shopify webhooks
    std::string events_secret;    // "whsec_...": signs Standard Webhooks; also accepted as a bearer key
    std::string pixel_key;        // public write key
};

/// Makes it the first time; later the same secrets come back.
Result<ShopVoice> dev_shop(postgres::ShopStore& shops, Random& random, Instant now);

/// By its newest secrets; a source without one stays empty. Errc::not_found for an unknown shop.
Result<ShopVoice> voice_of(postgres::ShopStore& shops, std::string const& shop_id);

/// 32 random bytes as text, with the prefix that this source's secrets of this kind are known by.
std::string fresh_secret(std::string_view source, std::string_view kind, Random& random);

}  // namespace recoup::app
