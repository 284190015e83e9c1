// The browser pixel. Its write key is public: it identifies a shop and authenticates nobody, so events are untrusted,
// carry behaviour only and join by anonymous id and tokens, never by an address. Origins, robots, objections and rates
// are dealt with in service/ingest/browser_door.
#include "adapter/source/list.hpp"
#include "adapter/source/shared/event_parts.hpp"
#include "adapter/source/shared/json.hpp"
#include "adapter/source/shared/signature.hpp"
#include "adapter/source/shared/text.hpp"

#include <algorithm>
#include <array>

namespace recoup::source {
namespace {

constexpr std::array<std::string_view, 1> kinds{"write_key"};
constexpr std::int64_t most_milliseconds = 24 * 3600 * 1000;
constexpr Millis oldest{most_milliseconds};  // a page may have been offline, not for longer
constexpr std::size_t method_bytes = 64;

/// In the header, the query or, since a beacon can set no headers, the body.
Result<std::string> presented_key(HttpRequest const& http) {
    std::string key(http.header("x-recoup-key"));
    if (key.empty()) key = http.query_value("key");
    if (!key.empty()) return key;
    auto const document = JsonDocument::parse(http.body);
    if (!document) return document.error();
    return document->root()["key"].text();
}

/// Date.now() or RFC 3339.
Instant time_of(Json event, Instant received_at) {
    auto const stamp = event["timestamp"];
    auto at = stamp.instant();
    constexpr std::int64_t year_9999 = 253'402'300'799'000;
    if (auto const millis = stamp.integer(); millis && *millis > 0 && *millis < year_9999) at = instant_from_millis(*millis);
    return at == never ? received_at : std::clamp(at, received_at - oldest, received_at);
}

BehaviourSeen behaviour_of(Json json, BehaviourKind kind, std::string const& session_id) {
    BehaviourSeen seen;
    seen.kind = kind;
    seen.session_id = session_id;
    seen.depth_percent = std::clamp<std::int64_t>(json["depth"].integer().value_or(0), 0, 100);
    seen.duration_ms = std::clamp<std::int64_t>(json["duration_ms"].integer().value_or(0), 0, most_milliseconds);
    seen.payment_method = json["method"].text(method_bytes);
    seen.product_id = json["product_id"].id();
    return seen;
}

Event read_event(Json json, Json root, SourceRequest const& request) {
    auto const session_id = root["session_id"].id();
    auto id = json["id"].id();
    if (id.empty()) id = to_hex(sha256(json.raw()));
    Event event = new_event(request, "pixel", session_id + ":" + id, json["type"].text(limits::id_bytes));
    event.trusted = false;
    event.occurred_at = time_of(json, request.received_at);
    add_key(event, KeyKind::anonymous_id, root["anonymous_id"].id());
    add_key(event, KeyKind::cart_token, root["cart_token"].id());
    add_key(event, KeyKind::checkout_token, root["checkout_token"].id());
    if (auto const kind = behaviour_kind(event.topic)) event.body = behaviour_of(json, *kind, session_id);
    return event;
}

class Pixel final : public Source {
public:
    std::string_view name() const override { return "pixel"; }
    std::size_t body_limit() const override { return limits::pixel_body_bytes; }
    /// sendBeacon sends a string as text/plain.
    bool accepts(std::string_view media_type) const override {
        return media_type.empty() || media_type == "text/plain" || media_type == "application/json";
    }
    std::span<std::string_view const> secret_kinds() const override { return kinds; }

    Result<void> authenticate(SourceRequest const& request) const override {
        auto const key = presented_key(request.http);
        if (!key) return key.error();
        if (write_key_secret(request.secrets, *key) == nullptr) return error(Errc::unauthorized, "");
        return {};
    }
    ShopSecret const* key_of(SourceRequest const& request) const override {
        if (auto const* only = only_key(request.secrets)) return only;
        auto const key = presented_key(request.http);
        return key ? write_key_secret(request.secrets, *key) : nullptr;
    }
    bool for_browsers() const override { return true; }

    Result<Delivery> parse(SourceRequest const& request) const override {
        auto const document = JsonDocument::parse(request.http.body);
        if (!document) return document.error();
        Delivery delivery;
        delivery.batch = true;
        auto const root = document->root();
        for (auto const json : root["events"].items(limits::batch_items)) {
            auto event = read_event(json, root, request);
            if (!event.keys.empty() && !event.topic.empty()) delivery.items.push_back({event.id, std::move(event)});
        }
        return delivery;
    }

    HttpResponse answer(Delivery const&) const override { return no_content(); }
    HttpResponse preflight(SourceRequest const&) const override { return no_preflight(); }
};

}  // namespace

std::unique_ptr<Source> pixel_source() { return std::make_unique<Pixel>(); }

}  // namespace recoup::source
