#pragma once
// A person: one shopper, known by identity keys. Sessions hold what the pixel saw, in sums and extremes, so that
// merging two persons is addition.

#include "recoup/domain/event.hpp"

#include <map>
#include <set>

namespace recoup {

struct Session {
    Instant first_at{}, last_at{};
    std::int64_t page_views = 0, product_views = 0, cart_views = 0, cart_changes = 0, checkout_views = 0;
    std::int64_t checkout_scroll_percent = 0;     // deepest, 0 .. 100
    std::int64_t checkout_scrolls = 0;
    std::int64_t checkout_ms = 0;                 // time on checkout steps (hesitation)
    std::map<std::string, std::int64_t> payment_methods;  // selections by method
    std::int64_t payment_errors = 0;
    std::int64_t tab_hides = 0, tab_hidden_ms = 0;
    std::set<std::string> products;               // viewed, bounded

    friend bool operator==(Session const&, Session const&) = default;

    template <class Self, class V>
    static void fields(Self& self, V&& v) {
        v("first_at", self.first_at);
        v("last_at", self.last_at);
        v("page_views", self.page_views);
        v("product_views", self.product_views);
        v("cart_views", self.cart_views);
        v("cart_changes", self.cart_changes);
        v("checkout_views", self.checkout_views);
        v("checkout_scroll_percent", self.checkout_scroll_percent);
        v("checkout_scrolls", self.checkout_scrolls);
        v("checkout_ms", self.checkout_ms);
        v("payment_methods", self.payment_methods);
        v("payment_errors", self.payment_errors);
        v("tab_hides", self.tab_hides);
        v("tab_hidden_ms", self.tab_hidden_ms);
        v("products", self.products);
    }
};

/// One order as far as history needs it, oldest first in Person::orders.
struct PastOrder {
    Instant placed_at{};
    std::int64_t total_minor = 0;
    bool test = false, renewal = false;
    std::map<std::string, std::int64_t> pieces{};   // by variant id

    friend bool operator==(PastOrder const&, PastOrder const&) = default;

    template <class Self, class V>
    static void fields(Self& self, V&& v) {
        v("placed_at", self.placed_at);
        v("total_minor", self.total_minor);
        v("test", self.test);
        v("renewal", self.renewal);
        v("pieces", self.pieces);
    }
};

/// A subscription of the person. Cancelled while its newest cancellation is newer than any start or renewal.
struct Subscription {
    Instant active_at{};                      // latest start or renewal
    Instant cancelled_at{};                   // latest cancellation
    Versioned<std::string> title, recovery_url;

    bool cancelled() const { return cancelled_at != never && cancelled_at > active_at; }

    friend bool operator==(Subscription const&, Subscription const&) = default;

    template <class Self, class V>
    static void fields(Self& self, V&& v) {
        v("active_at", self.active_at);
        v("cancelled_at", self.cancelled_at);
        v("title", self.title);
        v("recovery_url", self.recovery_url);
    }
};

struct Person {
    std::string id;
    std::set<IdentityKey> keys;
    Versioned<std::string> email, phone;      // newest confirmed by a trusted source
    Versioned<std::string> first_name, last_name, locale, country, region, postal_code, timezone;
    std::map<std::string, Consent> consents;  // by "<channel>:<address>"
    std::map<std::string, Session> sessions;  // by session id, newest limits::sessions_per_person
    std::map<std::string, PastOrder> orders;  // by order id
    std::map<std::string, Subscription> subscriptions;   // by subscription id, newest limits::subscriptions_per_person
    std::int64_t sessions_seen = 0;           // ever, also those no longer held
    Instant first_seen_at{}, last_seen_at{};  // in any event about the person, the store's own included
    Instant visited_at{};                     // latest act of the person's own at the store: browser, cart or checkout
    Instant drafted_at{};                     // the store last made a draft order or an invoice for them

    friend bool operator==(Person const&, Person const&) = default;

    template <class Self, class V>
    static void fields(Self& self, V&& v) {
        v("id", self.id);
        v("keys", self.keys);
        v("email", self.email);
        v("phone", self.phone);
        v("first_name", self.first_name);
        v("last_name", self.last_name);
        v("locale", self.locale);
        v("country", self.country);
        v("region", self.region);
        v("postal_code", self.postal_code);
        v("timezone", self.timezone);
        v("consents", self.consents);
        v("sessions", self.sessions);
        v("orders", self.orders);
        v("subscriptions", self.subscriptions);
        v("sessions_seen", self.sessions_seen);
        v("first_seen_at", self.first_seen_at);
        v("last_seen_at", self.last_seen_at);
        v("visited_at", self.visited_at);
        v("drafted_at", self.drafted_at);
    }
};

}  // namespace recoup
