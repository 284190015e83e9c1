#include "adapter/source/events/envelope.hpp"

#include "adapter/source/shared/text.hpp"
#include "core/codec/utf8.hpp"
#include "recoup/base/digest.hpp"

#include <algorithm>

namespace recoup::source::events {
namespace {

bool is_type(std::string_view text) {
    return is_header_id(text) && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
                      c == '.';
           });
}

Result<Instant> time_of(Json stamp, std::string_view name) {
    auto const at = stamp.instant();
    if (stamp.present() && at == never) return error(Errc::invalid, std::string(name) + " must be RFC 3339.");
    return at;
}

Error no_type() {
    return error(Errc::invalid, "An event needs a type like \"cart.updated\".");
}
Error no_data() {
    return error(Errc::invalid, "An event needs its data object.");
}

/// source + id; a digest when that is too long for an id.
std::string unique_id(std::string_view source, std::string_view id) {
    auto whole = std::string(source) + "#" + std::string(id);
    return whole.size() <= limits::id_bytes && is_header_id(whole) ? whole : to_hex(sha256(whole));
}

Result<Envelope> own_envelope(Json item) {
    Envelope envelope;
    envelope.id = item["id"].id();
    envelope.type = item["type"].kind() == JsonKind::string ? item["type"].text(limits::id_bytes) : std::string{};
    if (!is_type(envelope.type)) return no_type();
    envelope.data = item["data"];
    if (!envelope.data.is_object()) return no_data();
    auto const at = time_of(item["timestamp"], "timestamp");
    if (!at) return at.error();
    envelope.at = *at;
    return envelope;
}

Result<void> read_base64(Json encoded, Envelope& envelope) {
    auto const bytes = from_base64(encoded.raw());
    if (!bytes) return error(Errc::invalid, "data_base64 must be base64.");
    auto document = JsonDocument::parse({reinterpret_cast<char const*>(bytes->data()), bytes->size()});
    if (!document) return error(Errc::invalid, "data_base64 must hold a JSON object.");
    envelope.decoded = *std::move(document);
    envelope.data = envelope.decoded->root();
    return {};
}

Result<Envelope> cloud_envelope(Json item) {
    Envelope envelope;
    if (item["specversion"].text() != "1.0") return error(Errc::invalid, "specversion must be \"1.0\".");
    auto const id = item["id"].text(limits::url_bytes), source = item["source"].text(limits::url_bytes);
    if (id.empty() || source.empty()) return error(Errc::invalid, "A CloudEvent needs its id and source.");
    envelope.id = unique_id(source, id);
    envelope.type = item["type"].kind() == JsonKind::string ? item["type"].text(limits::id_bytes) : std::string{};
    if (!is_type(envelope.type)) return no_type();
    auto const at = time_of(item["time"], "time");
    if (!at) return at.error();
    envelope.at = *at;
    envelope.data = item["data"];
    if (auto const encoded = item["data_base64"]; encoded.kind() == JsonKind::string)
        if (auto read = read_base64(encoded, envelope); !read) return read.error();
    if (!envelope.data.is_object()) return no_data();
    return envelope;
}

/// Undoes a quoted string, then percent-encoding, once each. Errc::invalid for what is no UTF-8 then.
Result<std::string> attribute(HttpRequest const& http, std::string_view name) {
    auto value = trimmed(http.header(name));
    bool const quoted = value.size() >= 2 && value.front() == '"' && value.back() == '"';
    if (quoted) value = value.substr(1, value.size() - 2);
    std::string out;
    for (std::size_t i = 0; i < value.size(); ++i) {
        int const high = i + 2 < value.size() ? hex_digit(value[i + 1]) : -1;
        int const low = i + 2 < value.size() ? hex_digit(value[i + 2]) : -1;
        if (value[i] == '%' && high >= 0 && low >= 0) {
            out += static_cast<char>(high * 16 + low);
            i += 2;
        } else if (quoted && value[i] == '\\' && i + 1 < value.size()) {
            out += value[++i];
        } else {
            out += value[i];
        }
    }
    if (!core::is_utf8(out)) return error(Errc::invalid, std::string(name) + " must be UTF-8, percent-encoded.");
    return bounded_text(out, limits::url_bytes);
}

}  // namespace

bool is_cloud_events(std::string_view media_type) {
    return media_type == "application/cloudevents" || media_type == "application/cloudevents+json" ||
           media_type == "application/cloudevents-batch" || media_type == "application/cloudevents-batch+json";
}

bool is_binary_cloud_event(HttpRequest const& http) {
    bool const structured = is_cloud_events(media_type(http.header("content-type")));
    return !structured && !(http.header("ce-specversion").empty() && http.header("ce-id").empty());
}

Result<Envelope> envelope_of(Json item) {
    auto envelope = item["specversion"].present() ? cloud_envelope(item) : own_envelope(item);
    if (envelope) envelope->raw = item.raw();
    return envelope;
}

Result<Envelope> binary_envelope(HttpRequest const& http, Json data) {
    auto const version = attribute(http, "ce-specversion"), id = attribute(http, "ce-id");
    auto const source = attribute(http, "ce-source"), type = attribute(http, "ce-type"),
               time = attribute(http, "ce-time");
    for (auto const* one : {&version, &id, &source, &type, &time})
        if (!*one) return one->error();
    if (*version != "1.0") return error(Errc::invalid, "ce-specversion must be 1.0.");
    if (id->empty() || source->empty()) return error(Errc::invalid, "A CloudEvent needs ce-id and ce-source.");
    if (!is_type(*type)) return error(Errc::invalid, "ce-type must be a type like cart.updated.");
    if (!data.is_object()) return error(Errc::invalid, "The body must be the event's data, a JSON object.");
    Envelope envelope;
    if (!time->empty()) {
        auto const at = parse_rfc3339(*time);
        if (!at) return error(Errc::invalid, "ce-time must be RFC 3339.");
        envelope.at = *at;
    }
    envelope.id = unique_id(*source, *id);
    envelope.type = *type;
    envelope.data = data;
    envelope.raw = data.raw();
    return envelope;
}

}  // namespace recoup::source::events
