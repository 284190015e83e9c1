#pragma once
// Source: one kind of sender under POST /webhooks/{shop}/{source} and, where its senders name their call in the path,
// below it. A source verifies, parses and normalises; it never blocks, does no I/O and keeps no state, so one instance
// serves every I/O thread. To add one: one .cpp in src/adapter/source, one line in its list, one test; the source
// contract suite attacks it by itself.

#include "recoup/domain/event.hpp"
#include "recoup/domain/shop.hpp"
#include "recoup/port/http.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace recoup {

struct SourceRequest {
    HttpRequest const& http;
    Shop const& shop;
    std::span<ShopSecret const> secrets;   // of this shop and source, still active at received_at
    std::string_view public_url;           // configured base URL of the public listener, no trailing slash
    Instant received_at;
    std::string_view call = {};            // rest of the path behind the source, like "v1/track"; empty for most
};

/// One item of a delivery: an event, or why the item was refused (single: the answer's status; batch: its result).
struct SourceItem {
    std::string id;                        // sender's id when known, for per-item results
    Result<Event> event;
};

struct Delivery {
    std::vector<SourceItem> items;
    bool batch = false;                    // answer per item
    std::string reply;                     // what to text back to the person who wrote; empty = nothing
};

class Source {
public:
    virtual ~Source() = default;
    virtual std::string_view name() const = 0;
    virtual std::size_t body_limit() const = 0;
    /// Whether it answers at this rest of the path; else 404.
    virtual bool serves(std::string_view call) const { return call.empty(); }
    /// Whether it reads bodies of this media type (lower case, without parameters; empty = not said); else 415.
    virtual bool accepts(std::string_view media_type) const = 0;
    /// What `shop secret` may hold for it: "hmac", "bearer", "write_key", "auth_token".
    virtual std::span<std::string_view const> secret_kinds() const = 0;
    /// Errc::unauthorized (401, no detail), Errc::invalid (400: a needed header is absent or malformed).
    virtual Result<void> authenticate(SourceRequest const& request) const = 0;
    /// After authenticate. Errc::invalid (400), Errc::too_large (413) for the whole delivery.
    /// A body that parses but lacks what its topic needs becomes an Event with a DeadLettered body.
    virtual Result<Delivery> parse(SourceRequest const& request) const = 0;
    /// The answer once every event is durable.
    virtual HttpResponse answer(Delivery const& delivery) const = 0;
    /// Answers to OPTIONS of a source that is not for browsers; 405 when the source has none.
    virtual HttpResponse preflight(SourceRequest const& request) const = 0;

    /// Whether shoppers' browsers call it: their origins, robots, objections and rates are dealt with around it.
    virtual bool for_browsers() const { return false; }
    /// Whether Idempotency-Key is heeded.
    virtual bool takes_idempotency_key() const { return false; }
    /// The key among request.secrets that an authenticated request presents; null when it is signed instead.
    virtual ShopSecret const* key_of(SourceRequest const&) const { return nullptr; }
};

}  // namespace recoup
