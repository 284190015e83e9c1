#include "adapter/source/shared/event_parts.hpp"

#include <algorithm>

namespace recoup::source {

Event new_event(SourceRequest const& request, std::string_view source, std::string_view sender_id, std::string_view topic) {
    Event event;
    event.shop_id = request.shop.id;
    event.source = source;
    event.id = std::string(source) + ":" + std::string(sender_id);
    event.topic = topic;
    event.received_at = request.received_at;
    event.occurred_at = request.received_at;
    return event;
}

void set_occurred(Event& event, Instant at) {
    if (at != never) event.occurred_at = std::min(at, event.received_at);
}

void add_key(Event& event, KeyKind kind, std::string_view value, std::string_view country) {
    auto key = make_key(kind, value, country);
    if (key && std::find(event.keys.begin(), event.keys.end(), *key) == event.keys.end()) event.keys.push_back(*std::move(key));
}

bool has_key(Event const& event, KeyKind kind) {
    return std::any_of(event.keys.begin(), event.keys.end(), [kind](auto const& key) { return key.kind == kind; });
}

ProductChanged deleted_product(std::string_view product_id) {
    ProductChanged product;
    auto& whole = product.variants.emplace_back();
    whole.variant_id = whole_product(product_id);
    whole.product_id = product_id;
    whole.active = false;
    return product;
}

ConsentChanged* add_consent(Event& event, Channel channel, std::string_view address, std::string_view country, ConsentState state,
                            std::string_view method) {
    auto normal = channel == Channel::sms ? normalise_phone(address, country) : normalise_email(address);
    if (!normal) return nullptr;
    ConsentChanged consent;
    consent.channel = channel;
    consent.address = *std::move(normal);
    consent.state = state;
    consent.method = method;
    return &event.consents.emplace_back(std::move(consent));
}

void dead_letter(Event& event, std::string reason, std::string_view raw) {
    DeadLettered letter;
    letter.reason = std::move(reason);
    letter.content_type = "application/json";
    letter.raw = raw;
    event.consents.clear();
    event.body = std::move(letter);
}

HttpResponse no_content() {
    HttpResponse response;
    response.status = 204;
    return response;
}

HttpResponse accepted() { return json_response(200, R"({"accepted":1})"); }

HttpResponse no_preflight() {
    auto refusal = problem(405, "method-not-allowed", "The method is not allowed here", "Send POST.");
    refusal.headers.emplace_back("Allow", "POST");
    return refusal;
}

}  // namespace recoup::source
