#include "contract/source_promises.hpp"

#include "core/codec/event_codec.hpp"
#include "core/codec/utf8.hpp"
#include "unit/codec/generated_events.hpp"

#include <algorithm>

namespace recoup::test {
namespace {

std::string broken_line(std::vector<Line> const& lines) {
    if (lines.size() > limits::cart_lines) return "lines are bounded";
    for (auto const& line : lines) {
        if (line.quantity < 1 || line.quantity > limits::pieces_per_line) return "a quantity is 1 to a million";
        if (line.title.size() > limits::text_bytes || line.product_id.size() > limits::id_bytes)
            return "texts are bounded";
    }
    return {};
}

std::string broken_event(Sample const& sample, Event event, bool authentic) {
    if (event.shop_id != sample.shop.id || event.source != sample.source->name())
        return "an event is of this shop and source";
    if (!event.id.starts_with(event.source + ":") || event.id.size() == event.source.size() + 1)
        return "an event has an id";
    if (event.occurred_at > event.received_at) return "nothing comes from the future";
    if (event.occurred_at < never) return "nothing comes from before 1970";
    for (auto const& key : event.keys)
        if (key.value.empty() || !core::is_utf8(key.value)) return "a key is text";
    auto again = core::decode_event(core::encode_event(event));
    if (!again) return "an event can be read again";
    // Headers are held to printable ASCII by authenticate(), which ingest asks first.
    if (authentic && !same(event, *again)) return "and is the same then: all of its text is UTF-8";
    if (auto const* cart = std::get_if<CartChanged>(&event.body)) return broken_line(cart->lines);
    if (auto const* order = std::get_if<OrderPlaced>(&event.body)) return broken_line(order->lines);
    auto const* letter = std::get_if<DeadLettered>(&event.body);
    return letter != nullptr && letter->reason.empty() ? "a dead letter says why" : "";
}

}  // namespace

std::string broken_promise(Sample const& sample, HttpRequest const& http) {
    auto const request = sample.request(http);
    auto const* key = sample.source->key_of(request);
    bool const ours =
        key == nullptr || std::ranges::any_of(sample.secrets, [&](auto const& secret) { return &secret == key; });
    if (!ours) return "a key is one of the request's secrets";
    bool const authentic = sample.source->authenticate(request).has_value();
    auto const delivery = sample.source->parse(request);
    if (!delivery) {
        auto const code = delivery.error().code;
        if (code != Errc::invalid && code != Errc::too_large) return "a delivery is invalid or too large";
        return delivery.error().message.empty() ? "a refusal says why" : "";
    }
    if (sample.source->answer(*delivery).status >= 300) return "what was taken is answered 2xx";
    if (delivery->items.size() > std::max(limits::batch_items, limits::segment_batch_items))
        return "a batch is bounded";
    for (auto const& item : delivery->items) {
        if (!item.event) continue;
        if (auto broken = broken_event(sample, *item.event, authentic); !broken.empty()) return broken;
    }
    return {};
}

}  // namespace recoup::test
