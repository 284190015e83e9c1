#pragma once
// Shop: a tenant. Every row, topic key, secret and report belongs to one.

#include "recoup/base/time.hpp"

#include <string>
#include <vector>

namespace recoup {

struct Shop {
    std::string id;                 // slug [a-z0-9][a-z0-9-]{0,62}, also in URLs
    std::string name;               // as shoppers know it
    std::string domain;             // storefront host, e.g. demo.myshopify.com
    std::string currency = "USD";   // ISO 4217
    std::string timezone = "UTC";   // IANA
    std::string country;            // ISO 3166 alpha-2, may be empty
    std::string locale;             // BCP 47, the language of its messages when nothing is known of a shopper's; may be empty
    std::string email_from;         // "Demo Shop <hello@shop.example>"
    std::string sms_from;           // E.164 or a messaging service id
    std::string postal_address;     // required in marketing mail
    Instant uninstalled_at{};       // never = installed
    std::vector<std::string> origins;   // whose pages may use the pixel, beside https://<domain> (core/web/origin.hpp)

    template <class Self, class V>
    static void fields(Self& self, V&& v) {
        v("id", self.id);
        v("name", self.name);
        v("domain", self.domain);
        v("currency", self.currency);
        v("timezone", self.timezone);
        v("country", self.country);
        v("locale", self.locale);
        v("email_from", self.email_from);
        v("sms_from", self.sms_from);
        v("postal_address", self.postal_address);
        v("uninstalled_at", self.uninstalled_at);
        v("origins", self.origins);
    }
};

/// One active credential of a source. Several at once while rotating.
/// kind: "hmac" (secret signs), "bearer" (`secret` is the SHA-256 hex of the key), "write_key" (public), "auth_token".
struct ShopSecret {
    std::string shop_id;
    std::string source;
    std::string kind;
    std::string secret;
    Instant not_after{};            // never = no end
    std::vector<std::string> scopes{};  // of a key: what it may send (core/key/shop_key.hpp); empty = everything
    std::string label{};            // for people
    std::string hint{};             // how a key begins; the key itself is not kept
    Instant created_at{}, last_used_at{};   // never = not known, not used yet
};

}  // namespace recoup
