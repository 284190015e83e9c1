// Segment's HTTP tracking API (segment.com/docs/connections/sources/catalog/libraries/server/http-api), for server-side
// libraries pointed at us. The write key is a secret here: whoever has it may name addresses to contact.
#include "adapter/source/list.hpp"
#include "adapter/source/segment/message.hpp"
#include "adapter/source/shared/content.hpp"
#include "adapter/source/shared/event_parts.hpp"
#include "adapter/source/shared/signature.hpp"
#include "adapter/source/shared/text.hpp"

#include <algorithm>
#include <array>

namespace recoup::source {
namespace {

constexpr std::array<std::string_view, 2> kinds{"write_key", "bearer"};  // bearer: a write key kept as its hash
constexpr std::string_view version = "v1/";
constexpr std::array<std::string_view, 8> calls{"track", "identify", "page",  "screen",
                                                "group", "alias",    "batch", "import"};

/// "track" of "v1/track"; "" where the message itself says what it is.
std::string_view call_name(std::string_view call) {
    return call.substr(std::min(call.size(), version.size()));
}

/// Basic (the key is the user name; some libraries leave the colon out), Bearer, or `writeKey` in the body.
std::string write_key(SourceRequest const& request, Json root) {
    auto const authorization = request.http.header("authorization");
    if (authorization.empty()) return root["writeKey"].text();
    auto const space = std::min(authorization.size(), authorization.find(' '));
    auto const scheme = lower_ascii(authorization.substr(0, space));
    auto const credentials = trimmed(authorization.substr(space));
    if (scheme == "bearer") return std::string(credentials);
    auto const pair = from_base64(credentials);
    if (scheme != "basic" || !pair) return {};
    std::string text(pair->begin(), pair->end());
    return text.substr(0, text.find(':'));
}

SourceItem read_item(Json json, Json root, std::string_view type, SourceRequest const& request) {
    auto id = json["messageId"].id();
    if (id.empty()) id = to_hex(sha256(json.raw()));
    auto const name = json["event"].text(limits::id_bytes);
    Event event = new_event(request, "segment", id, type == "track" && !name.empty() ? name : std::string(type));
    set_occurred(event, segment::happened_at(json, root["sentAt"].instant(), request.received_at));
    segment::Message const message{json, request.shop, type};
    auto missing = segment::read_message(message, event);
    if (!missing.empty()) dead_letter(event, std::move(missing), json.raw());
    return {std::move(id), std::move(event)};
}

ShopSecret const* secret_of(SourceRequest const& request, Json root) {
    auto const key = write_key(request, root);
    auto const* secret = write_key_secret(request.secrets, key);
    return secret != nullptr ? secret : bearer_secret(request.secrets, key);
}

Error too_large() { return error(Errc::too_large, "A message holds at most 32 KB."); }

class Segment final : public Source {
public:
    std::string_view name() const override { return "segment"; }
    std::size_t body_limit() const override { return limits::segment_body_bytes; }
    bool serves(std::string_view call) const override {
        bool const known = std::find(calls.begin(), calls.end(), call_name(call)) != calls.end();
        return call.empty() || (call.starts_with(version) && known);
    }
    bool accepts(std::string_view type) const override {
        return type.empty() || type == "application/json" || type == "text/plain";
    }
    std::span<std::string_view const> secret_kinds() const override { return kinds; }

    Result<void> authenticate(SourceRequest const& request) const override {
        auto const document = read(request);
        if (!document) return document.error();
        if (secret_of(request, document->root()) == nullptr) return error(Errc::unauthorized, "");
        return {};
    }
    ShopSecret const* key_of(SourceRequest const& request) const override {
        if (auto const* only = only_key(request.secrets)) return only;
        auto const document = read(request);
        return document ? secret_of(request, document->root()) : nullptr;
    }

    Result<Delivery> parse(SourceRequest const& request) const override {
        auto const document = read(request);
        if (!document) return document.error();
        auto const root = document->root();
        auto const call = call_name(request.call);
        Delivery delivery;
        delivery.batch = call == "batch" || call == "import" || (call.empty() && root["batch"].is_array());
        if (!delivery.batch) {
            auto const type = call.empty() ? root["type"].text(limits::id_bytes) : std::string(call);
            if (type.empty()) return error(Errc::invalid, "A message needs its type, like \"track\".");
            if (root.raw().size() > limits::segment_message_bytes) return too_large();
            delivery.items.push_back(read_item(root, root, type, request));
            return delivery;
        }
        if (!root["batch"].is_array()) return error(Errc::invalid, "A batch needs its list: {\"batch\": [...]}.");
        auto const items = root["batch"].items(limits::segment_batch_items + 1);
        if (items.size() > limits::segment_batch_items) return error(Errc::too_large, "A batch holds at most 2,500 messages.");
        for (auto const json : items) {
            if (json.raw().size() > limits::segment_message_bytes) return too_large();
            delivery.items.push_back(read_item(json, root, json["type"].text(limits::id_bytes), request));
        }
        return delivery;
    }

    /// As Segment answers: what a message lacks is told by the dead letters.
    HttpResponse answer(Delivery const&) const override { return json_response(200, R"({"success":true})"); }
    HttpResponse preflight(SourceRequest const&) const override { return no_preflight(); }

private:
    Result<JsonDocument> read(SourceRequest const& request) const {
        std::string room;
        auto const content = content_of(request.http, body_limit(), room);
        if (!content) return content.error();
        auto document = JsonDocument::parse(*content);
        if (document && !document->root().is_object()) return error(Errc::invalid, "The body must be a JSON object.");
        return document;
    }
};

}  // namespace

std::unique_ptr<Source> segment_source() {
    return std::make_unique<Segment>();
}

}  // namespace recoup::source
