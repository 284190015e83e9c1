#pragma once
// The shop `demo` that `recoup dev` makes, with secrets of its own.

#include "adapter/postgres/shop_store.hpp"

#include "recoup/base/digest.hpp"
#include "recoup/base/random.hpp"

#include <string>

namespace recoup::app {

struct DevShop {
    std::string id, domain;
    std::string shopify_secret;   // signs Shopify webhooks
    std::string events_secret;    // "whsec_...": signs Standard Webhooks; also accepted as a bearer key
    std::string pixel_key;        // public write key
};

/// Makes it the first time; later the same secrets come back.
Result<DevShop> dev_shop(postgres::ShopStore& shops, Random& random, Instant now);

/// "whsec_" and 32 random bytes; for other sources plain random text.
std::string fresh_secret(std::string_view source, Random& random);

}  // namespace recoup::app
