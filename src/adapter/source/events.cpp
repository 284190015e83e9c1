// Custom stores: Standard Webhooks 1.0.0 (github.com/standard-webhooks/standard-webhooks) or a bearer key; one event or
// a batch. The bodies are documented in docs/events.md.
#include "adapter/source/events/standard_webhooks.hpp"
#include "adapter/source/events/types.hpp"
#include "adapter/source/list.hpp"
#include "adapter/source/shared/event_parts.hpp"
#include "adapter/source/shared/signature.hpp"
#include "adapter/source/shared/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace recoup::source {
namespace {

constexpr std::array<std::string_view, 2> kinds{"hmac", "bearer"};

bool is_type(std::string_view text) {
    return is_header_id(text) && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
           });
}

/// The item's own id, else the delivery's (with the place in a batch), else a digest of the item: sent again, it is the same.
std::string id_of(Json item, HttpRequest const& http, std::optional<std::size_t> place) {
    if (auto own = item["id"].id(); !own.empty()) return own;
    for (std::string_view const name : {"webhook-id", "idempotency-key"})
        if (auto const id = http.header(name); is_header_id(id))
            return std::string(id) + (place ? ":" + std::to_string(*place) : "");
    return to_hex(sha256(item.raw()));
}

Result<Event> read_item(Json json, SourceRequest const& request, std::string const& id) {
    auto const type = json["type"].kind() == JsonKind::string ? json["type"].text(limits::id_bytes) : std::string{};
    if (!is_type(type)) return error(Errc::invalid, "An event needs a type like \"cart.updated\".");
    if (!json["data"].is_object()) return error(Errc::invalid, "An event needs its data object.");
    auto const at = json["timestamp"];
    if (at.present() && at.instant() == never) return error(Errc::invalid, "timestamp must be RFC 3339.");
    Event event = new_event(request, "events", id, type);
    set_occurred(event, at.instant());
    if (auto const read = events::reader_of(type)) {
        events::Item const item{json["data"], request.shop, type};
        if (auto missing = read(item, event); !missing.empty()) dead_letter(event, std::move(missing), json.raw());
    }
    return event;
}

class Events final : public Source {
public:
    std::string_view name() const override { return "events"; }
    std::size_t body_limit() const override { return limits::webhook_body_bytes; }
    bool accepts(std::string_view media_type) const override { return media_type.empty() || media_type == "application/json"; }
    std::span<std::string_view const> secret_kinds() const override { return kinds; }

    Result<void> authenticate(SourceRequest const& request) const override {
        auto const authorization = request.http.header("authorization");
        if (authorization.empty()) return events::verify_standard_webhook(request);
        if (!any_bearer_matches(request.secrets, authorization)) return error(Errc::unauthorized, "");
        return {};
    }

    Result<Delivery> parse(SourceRequest const& request) const override {
        auto const document = JsonDocument::parse(request.http.body);
        if (!document) return document.error();
        auto const root = document->root();
        auto const list = root.is_array() ? root : root["events"];
        Delivery delivery;
        delivery.batch = list.is_array();
        if (!delivery.batch) {
            add(delivery, root, request, std::nullopt);
            return delivery;
        }
        auto const items = list.items(limits::batch_items + 1);
        if (items.size() > limits::batch_items) return error(Errc::too_large, "A batch holds at most 500 events.");
        for (std::size_t i = 0; i < items.size(); ++i) add(delivery, items[i], request, i);
        return delivery;
    }

    /// A dead letter is accepted and says so: it is kept and can be replayed.
    HttpResponse answer(Delivery const& delivery) const override {
        nlohmann::json results = nlohmann::json::array();
        int accepted = 0, rejected = 0;
        for (auto const& item : delivery.items) {
            nlohmann::json result{{"id", item.id}, {"status", item.event ? 200 : 400}};
            ++(item.event ? accepted : rejected);
            if (!item.event) result["detail"] = item.event.error().message;
            else if (auto const* letter = std::get_if<DeadLettered>(&item.event->body))
                result["detail"] = "Kept as a dead letter: " + letter->reason + ".";
            results.push_back(std::move(result));
        }
        nlohmann::json const body{{"accepted", accepted}, {"rejected", rejected}, {"results", std::move(results)}};
        return json_response(200, body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    }

    HttpResponse preflight(SourceRequest const&) const override { return no_preflight(); }

private:
    static void add(Delivery& delivery, Json json, SourceRequest const& request, std::optional<std::size_t> place) {
        auto id = id_of(json, request.http, place);
        auto event = read_item(json, request, id);
        delivery.items.push_back({std::move(id), std::move(event)});
    }
};

}  // namespace

std::unique_ptr<Source> events_source() { return std::make_unique<Events>(); }

}  // namespace recoup::source
