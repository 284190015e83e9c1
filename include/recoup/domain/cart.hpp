#pragma once
// A cart: one buying intent, cart and checkout merged by their tokens. Its state is the fold of its events. What somebody
// looked at in one session, without a cart, is an intent of stage `browse`.

#include "recoup/domain/event.hpp"

#include <map>
#include <set>

namespace recoup {

struct CartContent {
    std::vector<Line> lines;
    std::string currency;
    std::int64_t subtotal_minor = 0;
    std::int64_t total_minor = 0;
    std::vector<std::string> discount_codes;

    friend bool operator==(CartContent const&, CartContent const&) = default;

    template <class Self, class V>
    static void fields(Self& self, V&& v) {
        v("lines", self.lines);
        v("currency", self.currency);
        v("subtotal_minor", self.subtotal_minor);
        v("total_minor", self.total_minor);
        v("discount_codes", self.discount_codes);
    }
};

struct Cart {
    std::string id;
    std::string person_id;
    std::set<IdentityKey> tokens;            // cart_token and checkout_token, or one of kind browse
    Stage stage = Stage::cart;               // the furthest reached
    Versioned<CartContent> content;
    Versioned<std::string> email, phone;     // the contact typed into this checkout
    Versioned<std::string> recovery_url, gateway, country, region, postal_code, locale;
    Versioned<std::string> source_name;      // the sales channel it comes from; not known = not said
    Versioned<std::string> address_mark;     // hash of where it would be sent (core/mark)
    Instant created_at{};                    // earliest known
    Instant last_activity_at{};              // latest source time of a shopper's act
    Instant ordered_at{};                    // terminal: matched by token, or completed_at
    std::string order_id;
    Instant deleted_at{};                    // latest deletion
    std::int64_t changes = 0;                // content versions offered (distinct events)
    std::map<std::string, Instant> viewed;   // stage browse: product id, when last; newest limits::products_viewed

    bool browsed() const { return stage == Stage::browse; }
    bool empty() const { return content.known() && content.value.lines.empty(); }
    bool deleted() const { return deleted_at != never && deleted_at >= last_activity_at; }

    friend bool operator==(Cart const&, Cart const&) = default;

    template <class Self, class V>
    static void fields(Self& self, V&& v) {
        v("id", self.id);
        v("person_id", self.person_id);
        v("tokens", self.tokens);
        v("stage", self.stage);
        v("content", self.content);
        v("email", self.email);
        v("phone", self.phone);
        v("recovery_url", self.recovery_url);
        v("gateway", self.gateway);
        v("country", self.country);
        v("region", self.region);
        v("postal_code", self.postal_code);
        v("locale", self.locale);
        v("source_name", self.source_name);
        v("address_mark", self.address_mark);
        v("created_at", self.created_at);
        v("last_activity_at", self.last_activity_at);
        v("ordered_at", self.ordered_at);
        v("order_id", self.order_id);
        v("deleted_at", self.deleted_at);
        v("changes", self.changes);
        v("viewed", self.viewed);
    }
};

}  // namespace recoup
