// Custom stores: Standard Webhooks 1.0.0 (github.com/standard-webhooks/standard-webhooks) or a bearer key; one event, a
// batch, NDJSON or CloudEvents, plain or gzip. The bodies are documented in docs/events.md.
#include "adapter/source/events/envelope.hpp"
#include "adapter/source/events/types.hpp"
#include "adapter/source/list.hpp"
#include "adapter/source/shared/content.hpp"
#include "adapter/source/shared/event_parts.hpp"
#include "adapter/source/shared/signature.hpp"
#include "adapter/source/shared/standard_webhooks.hpp"
#include "adapter/source/shared/text.hpp"
#include "core/web/idempotency_key.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace recoup::source {
namespace {

constexpr std::array<std::string_view, 2> kinds{"hmac", "bearer"};
constexpr std::chrono::hours far_ahead{24};
constexpr std::array<std::string_view, 3> line_types{"application/x-ndjson", "application/ndjson", "application/jsonl"};

bool is_lines(std::string_view type) {
    return std::find(line_types.begin(), line_types.end(), type) != line_types.end();
}

/// Of the key and the body together: a repetition has the same, whatever else differs, and the key with another body,
/// a day later, has another.
std::string idempotent_id(HttpRequest const& http) {
    auto const key = core::idempotency_key(http.header("idempotency-key"));
    if (!key) return {};
    return "idempotent_" + to_hex(sha256(*key + '\0' + to_hex(sha256(http.body)))).substr(0, 32);
}

/// The item's own id, else the delivery's (with the place in a batch), else a digest of the item: sent again, it is the
/// same.
std::string id_of(std::string own, std::string_view raw, HttpRequest const& http, std::optional<std::size_t> place) {
    if (!own.empty()) return own;
    auto id = idempotent_id(http);
    if (auto const named = http.header("webhook-id"); id.empty() && is_header_id(named)) id = named;
    if (id.empty()) return to_hex(sha256(raw));
    return id + (place ? ":" + std::to_string(*place) : "");
}

SourceItem read_item(Result<events::Envelope> const& envelope, std::string id, SourceRequest const& request) {
    if (!envelope) return {std::move(id), envelope.error()};
    Event event = new_event(request, "events", id, envelope->type);
    set_occurred(event, envelope->at);
    if (envelope->at > request.received_at + far_ahead) {   // of a clock that is wrong nothing is believed
        dead_letter(event, "its time is more than a day ahead of ours; set the clock of the sender", envelope->raw);
        return {std::move(id), std::move(event)};
    }
    if (auto const read = events::reader_of(envelope->type)) {
        events::Item const item{envelope->data, request.shop, envelope->type};
        if (auto missing = read(item, event); !missing.empty()) dead_letter(event, std::move(missing), envelope->raw);
    }
    return {std::move(id), std::move(event)};
}

SourceItem read_json(Json json, SourceRequest const& request, std::optional<std::size_t> place) {
    auto const envelope = events::envelope_of(json);
    auto id = id_of(envelope ? envelope->id : json["id"].id(), json.raw(), request.http, place);
    return read_item(envelope, std::move(id), request);
}

Error too_many() { return error(Errc::too_large, "A batch holds at most 500 events."); }

/// One event a line; an empty line is none.
Result<Delivery> read_lines(std::string_view content, SourceRequest const& request) {
    Delivery delivery;
    delivery.batch = true;
    while (!content.empty()) {
        auto const line = content.substr(0, content.find('\n'));
        content.remove_prefix(std::min(content.size(), line.size() + 1));
        if (trimmed(line).empty()) continue;
        auto const place = delivery.items.size();
        if (place == limits::batch_items) return too_many();
        auto const document = JsonDocument::parse(line);
        if (document) delivery.items.push_back(read_json(document->root(), request, place));
        else delivery.items.push_back({id_of({}, line, request.http, place), document.error()});
    }
    return delivery;
}

/// What the item alone would have been answered.
int status_of(SourceItem const& item) {
    if (item.event) return 200;
    return item.event.error().code == Errc::forbidden ? 403 : 400;
}

class Events final : public Source {
public:
    std::string_view name() const override { return "events"; }
    std::size_t body_limit() const override { return limits::webhook_body_bytes; }
    bool accepts(std::string_view type) const override {
        return type.empty() || type == "application/json" || is_lines(type) || events::is_cloud_events(type);
    }
    std::span<std::string_view const> secret_kinds() const override { return kinds; }

    Result<void> authenticate(SourceRequest const& request) const override {
        if (request.http.header("authorization").empty()) return verify(request);
        if (key_of(request) == nullptr) return error(Errc::unauthorized, "");
        return {};
    }
    ShopSecret const* key_of(SourceRequest const& request) const override {
        return bearer_secret(request.secrets, bearer_key(request.http.header("authorization")));
    }
    bool takes_idempotency_key() const override { return true; }

    Result<Delivery> parse(SourceRequest const& request) const override {
        std::string room;
        auto const content = content_of(request.http, body_limit(), room);
        if (!content) return content.error();
        if (is_lines(media_type(request.http.header("content-type")))) return read_lines(*content, request);
        auto const document = JsonDocument::parse(*content);
        if (!document) return document.error();
        auto const root = document->root();
        Delivery delivery;
        if (events::is_binary_cloud_event(request.http)) {
            auto const envelope = events::binary_envelope(request.http, root);
            auto id = envelope ? envelope->id : std::string{};
            delivery.items.push_back(read_item(envelope, std::move(id), request));
            return delivery;
        }
        auto const list = root.is_array() ? root : root["events"];
        delivery.batch = list.is_array();
        if (!delivery.batch) {
            delivery.items.push_back(read_json(root, request, std::nullopt));
            return delivery;
        }
        auto const items = list.items(limits::batch_items + 1);
        if (items.size() > limits::batch_items) return too_many();
        for (std::size_t i = 0; i < items.size(); ++i) delivery.items.push_back(read_json(items[i], request, i));
        return delivery;
    }

    /// A dead letter is accepted and says so: it is kept and can be replayed.
    HttpResponse answer(Delivery const& delivery) const override {
        nlohmann::json results = nlohmann::json::array();
        int accepted = 0, rejected = 0;
        for (auto const& item : delivery.items) {
            nlohmann::json result{{"id", item.id}, {"status", status_of(item)}};
            ++(item.event ? accepted : rejected);
            if (!item.event) result["detail"] = item.event.error().message;
            else if (auto const* letter = std::get_if<DeadLettered>(&item.event->body))
                result["detail"] = "Kept as a dead letter: " + letter->reason + ".";
            results.push_back(std::move(result));
        }
        nlohmann::json const body{{"accepted", accepted}, {"rejected", rejected}, {"results", std::move(results)}};
        return json_response(200, body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    }

    /// The handshake of CloudEvents' HTTP webhooks 1.0.2; a signature is wanted all the same.
    HttpResponse preflight(SourceRequest const& request) const override {
        auto const origin = request.http.header("webhook-request-origin");
        if (!is_header_id(origin)) return no_preflight();
        auto response = json_response(200, "{}");
        response.headers = {{"Allow", "POST"},
                            {"WebHook-Allowed-Origin", std::string(origin)},
                            {"WebHook-Allowed-Rate", "*"}};
        return response;
    }

private:
    /// A sender may sign before or after it compresses.
    Result<void> verify(SourceRequest const& request) const {
        auto const verified = verify_standard_webhook(request, request.http.body, key_of_base64);
        if (verified || verified.error().code != Errc::unauthorized || !is_encoded(request.http)) return verified;
        std::string room;
        auto const content = content_of(request.http, body_limit(), room);
        return content ? verify_standard_webhook(request, *content, key_of_base64) : content.error();
    }
};

}  // namespace

std::unique_ptr<Source> events_source() { return std::make_unique<Events>(); }

}  // namespace recoup::source
