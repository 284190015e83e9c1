#pragma once
// Event: something that happened, as received and normalised; immutable, in the log. proto/recoup/event/v1/event.proto
// is its form on the wire and core/codec/event_codec its translation.

#include "recoup/domain/consent.hpp"
#include "recoup/domain/identity.hpp"
#include "recoup/domain/line.hpp"
#include "recoup/domain/version.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace recoup {

/// How far a cart got. Later stages own earlier ones. `browse`: nothing is in a cart yet, products were looked at.
enum class Stage : signed char { browse = -1, cart, checkout, contact, shipping, payment };
std::string_view name(Stage stage);
std::optional<Stage> stage_from(std::string_view text);

/// A cart or checkout as the store sees it now. Absent optionals say nothing (they never clear what is known).
struct CartChanged {
    Stage stage = Stage::cart;
    bool has_content = false;       // lines, subtotal and total below are meaningful
    std::vector<Line> lines;        // empty = emptied
    std::string currency;
    std::int64_t subtotal_minor = 0;
    std::int64_t total_minor = 0;
    std::vector<std::string> discount_codes;
    std::string recovery_url;       // the store's own link back, http(s) or empty
    std::string first_name, last_name, locale, country, region, postal_code;  // empty = not said
    std::string gateway;            // payment step reached with this gateway; empty = not yet
    Instant created_at{};           // never = not said
    Instant completed_at{};         // never = not completed
    std::string source_name;        // sales channel as the source names it, "web", "pos", ...; empty = not said
    std::string address_mark;       // of the postal address (core/mark); empty = not enough of it is known
};

struct CartDeleted {};

struct OrderPlaced {
    std::string order_id;
    std::string order_name;
    Instant placed_at{};
    Money total;
    std::int64_t subtotal_minor = 0;
    std::vector<Line> lines;
    std::vector<std::string> discount_codes;
    std::string financial_status;   // as the source names it, lower case
    Instant cancelled_at{};         // never = not cancelled
    std::string landing_site;
    std::string first_name, last_name, country, region, postal_code;
    bool test = false;
    bool paid = false;
    bool renewal = false;           // made by a subscription, not by a visit: neither enters nor ends an intent
    std::string address_mark;       // of the postal address (core/mark)

    friend bool operator==(OrderPlaced const&, OrderPlaced const&) = default;

    template <class Self, class V>
    static void fields(Self& self, V&& v) {
        v("order_id", self.order_id);
        v("order_name", self.order_name);
        v("placed_at", self.placed_at);
        v("total", self.total);
        v("subtotal_minor", self.subtotal_minor);
        v("lines", self.lines);
        v("discount_codes", self.discount_codes);
        v("financial_status", self.financial_status);
        v("cancelled_at", self.cancelled_at);
        v("landing_site", self.landing_site);
        v("first_name", self.first_name);
        v("last_name", self.last_name);
        v("country", self.country);
        v("region", self.region);
        v("postal_code", self.postal_code);
        v("test", self.test);
        v("paid", self.paid);
        v("renewal", self.renewal);
        v("address_mark", self.address_mark);
    }
};

struct OrderRefunded {
    std::string order_id;
    std::string refund_id;
    std::int64_t amount_minor = 0;  // lowers recovered revenue
};

enum class PaymentKind : unsigned char { one_off, recurring };
enum class PaymentState : unsigned char { failed, paid };

/// A payment attempt that failed, or the success that ends a failure.
struct PaymentChanged {
    std::string payment_id;         // order id, subscription invoice id or the store's own; groups attempts
    std::string attempt_id;         // unique for one attempt
    PaymentKind kind = PaymentKind::one_off;
    PaymentState state = PaymentState::failed;
    Money amount;
    std::string decline_code;       // lower case, as the source names it; empty = not said
    std::string recovery_url;
    bool test = false;
    std::string subscription_id;    // of a recurring payment; empty = not said
};

/// A subscription began, or was taken up again, or it ended for good.
struct SubscriptionChanged {
    std::string subscription_id;    // empty = the store has but one for a person
    bool active = true;             // false: cancelled
    std::string title;              // for people; empty = not said
    std::string recovery_url;       // where it can be taken up again, http(s) or empty
};

struct CustomerChanged {
    std::string first_name, last_name, locale, country, region, postal_code, timezone;  // empty = not said
};

struct ConsentChanged {
    Channel channel = Channel::email;
    std::string address;            // normalised
    ConsentState state = ConsentState::unknown;
    std::string method;
    bool suppress = false;          // also stop this address for good (STOP, complaint, hard bounce, unsubscribe link)
    std::string cause;              // "unsubscribe", "stop", "bounce", "complaint"; with suppress
    Instant said_at{};              // when the person said it, when that was before the event; never = with the event
    bool confirmed = false;         // granted by a double opt-in
    std::int64_t age = 0;           // years of the person then; 0 = not said
};

/// Erase everything about the person of the keys (customers/redact, customer.erase).
struct PersonErased {};
/// Make an export of the person of the keys (customers/data_request).
struct DataRequested {
    std::string request_id;
};
struct ShopErased {};
struct ShopUninstalled {};

/// One variant, or the product as a whole (variant_id is whole_product(product_id)), which is kept when the product is
/// deleted: nothing of it can be bought then.
struct Variant {
    std::string variant_id, product_id, inventory_item_id, sku, title, image_url;
    std::string product_title, url; // of the product; url http(s) or empty
    std::int64_t price_minor = 0;
    std::string currency;           // may be empty: the shop's
    std::optional<std::int64_t> available;   // nullopt = not tracked or not said
    bool sell_when_out = false;     // inventory_policy "continue"
    bool active = true;

    friend bool operator==(Variant const&, Variant const&) = default;

    template <class Self, class V>
    static void fields(Self& self, V&& v) {
        v("variant_id", self.variant_id);
        v("product_id", self.product_id);
        v("inventory_item_id", self.inventory_item_id);
        v("sku", self.sku);
        v("title", self.title);
        v("image_url", self.image_url);
        v("product_title", self.product_title);
        v("url", self.url);
        v("price_minor", self.price_minor);
        v("currency", self.currency);
        v("available", self.available);
        v("sell_when_out", self.sell_when_out);
        v("active", self.active);
    }
};

/// Under which id the product as a whole is kept beside its variants.
std::string whole_product(std::string_view product_id);

struct ProductChanged {
    std::vector<Variant> variants;
};

/// A discount code of the store, as far as it told. What is not told does not forbid it.
struct Coupon {
    std::string code{};                        // as the store writes it
    bool active = true;                        // false: switched off or deleted
    Instant starts_at{}, ends_at{};            // never = no such limit
    std::optional<std::int64_t> uses_left{};   // nullopt = not limited or not said
    std::optional<std::int64_t> percent{};     // what it takes off; nullopt = not said

    friend bool operator==(Coupon const&, Coupon const&) = default;

    template <class Self, class V>
    static void fields(Self& self, V&& v) {
        v("code", self.code);
        v("active", self.active);
        v("starts_at", self.starts_at);
        v("ends_at", self.ends_at);
        v("uses_left", self.uses_left);
        v("percent", self.percent);
    }
};
/// Codes are the same whatever their case.
std::string coupon_key(std::string_view code);

struct CouponChanged {
    Coupon coupon;
};

struct StockChanged {
    std::string inventory_item_id, location_id;
    std::int64_t available = 0;
};

/// What a browser pixel saw. The numbers feed the brief's four signals.
enum class BehaviourKind : unsigned char {
    page_viewed, product_viewed, cart_viewed, cart_changed, checkout_viewed, checkout_scrolled, payment_method_selected,
    payment_error_shown, tab_hidden, tab_shown, step_timed, identified,
};
std::string_view name(BehaviourKind kind);
std::optional<BehaviourKind> behaviour_kind(std::string_view text);

struct BehaviourSeen {
    BehaviourKind kind = BehaviourKind::page_viewed;
    std::string session_id;
    std::int64_t depth_percent = 0;     // checkout_scrolled: 0 .. 100
    std::int64_t duration_ms = 0;       // tab_shown: time hidden; step_timed: time on the step
    std::string payment_method;         // payment_method_selected
    std::string product_id;             // product_viewed
};

/// What came back about a message of ours.
enum class FeedbackKind : unsigned char { delivered, bounced, complained, opened, clicked, restored, failed };
std::string_view name(FeedbackKind kind);

struct MessageFeedback {
    FeedbackKind kind = FeedbackKind::clicked;
    std::string message_id;             // ours
    std::string detail;
    bool machine = false;               // opened, clicked, restored: by a proxy, a scanner or a script, not by a human
};

/// An opening or a click so soon after the message left is a machine's, whatever it says of itself.
inline constexpr Seconds machine_quick{10};

/// A topic or type we do not know: kept and counted, never an error.
struct UnknownHappened {};

/// Authentic and well-formed, but without what its topic needs: kept with its reason and bytes, can be replayed.
struct DeadLettered {
    std::string reason;             // names the field and the fix, no personal data
    std::string content_type;
    std::string raw;                // the original bytes
    std::string call;               // rest of the sender's path behind the source
    std::vector<std::pair<std::string, std::string>> headers;   // of the request, allow-listed (core/letter)
};

using EventBody = std::variant<UnknownHappened, CartChanged, CartDeleted, OrderPlaced, OrderRefunded, PaymentChanged,
                               CustomerChanged, ConsentChanged, PersonErased, DataRequested, ShopErased, ShopUninstalled,
                               ProductChanged, StockChanged, BehaviourSeen, MessageFeedback, DeadLettered,
                               SubscriptionChanged, CouponChanged>;

/// Stable name of a body's alternative: "cart_changed", "order_placed", ...
std::string_view body_name(EventBody const& body);

struct Event {
    std::string shop_id;
    std::string source;              // "shopify", "events", "pixel", "twilio", "link"
    std::string id;                  // unique in the shop: the dedupe key, "<source>:<sender's id>"
    std::string topic;               // as the sender named it
    bool trusted = true;             // false: a public write key vouched for it, it may only enrich
    Instant occurred_at{};           // source time, never later than received_at
    std::int64_t order_hint = 0;     // Triggered-At in milliseconds or 0 (Version::hint)
    Instant received_at{};
    std::vector<IdentityKey> keys;   // who and which cart this is about
    std::vector<ConsentChanged> consents;  // consents said along the way (checkout tick-boxes)
    EventBody body;

    Version version() const;
    /// Partition key on the log: shop plus the strongest cart or person key, so that one intent stays together.
    std::string log_key() const;
};

}  // namespace recoup
