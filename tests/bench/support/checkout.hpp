#pragma once
// Signed Shopify deliveries as a store sends them, written before a run so that the run itself costs little.

#include "recoup/base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace recoup::bench {

/// Where deliveries go and how they are signed.
struct Door {
    std::string path = "/webhooks/demo/shopify";
    std::string domain = "demo.myshopify.com";
    std::string secret;
};

/// A whole HTTP request. The delivery id is outside the signature, so every sending can put its own number there.
struct SignedRequest {
    std::string bytes;
    std::size_t number_at = 0;   // of the delivery id's last `number_digits` characters

    static constexpr int number_digits = 12;
    void set_number(std::uint64_t number);
};

/// Body of `checkouts/update` for shopper number `shopper`, exactly `size` bytes when `size` is at least 1,500, with as
/// many line items as fit. The same arguments give the same bytes.
std::string checkout_body(std::uint64_t shopper, std::size_t size, Instant now);

/// `ids` begins every delivery id and makes those of one run unlike those of another.
SignedRequest signed_checkout(Door const& door, std::string_view ids, std::string_view body);

/// One request for each of `shoppers` shoppers, the first of them number `first`.
std::vector<SignedRequest> signed_checkouts(Door const& door, std::string_view ids, std::uint64_t first, std::size_t shoppers,
                                            std::size_t size, Instant now);

}  // namespace recoup::bench
