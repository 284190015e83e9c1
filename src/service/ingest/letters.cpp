#include "service/ingest/letters.hpp"

#include "core/letter/letter.hpp"

namespace recoup::service::ingest {

void keep_request(Delivery& delivery, SourceRequest const& request) {
    for (auto& item : delivery.items) {
        if (!item.event) continue;
        auto* const letter = std::get_if<DeadLettered>(&item.event->body);
        if (letter == nullptr) continue;
        item.event->id = core::letter_event_id(item.event->id);
        letter->headers = core::kept_headers(request.http.headers);
        if (!delivery.batch) letter->call = request.call;   // an item of a batch says itself what it is
    }
}

}  // namespace recoup::service::ingest
