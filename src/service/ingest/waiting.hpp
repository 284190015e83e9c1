#pragma once
// One request from its admission until its answer.

#include "recoup/base/clock.hpp"
#include "recoup/port/idempotency_store.hpp"
#include "recoup/port/metrics.hpp"
#include "recoup/port/shop_directory.hpp"
#include "recoup/port/source.hpp"
#include "service/ingest/admission.hpp"
#include "service/ingest/ingest.hpp"

#include <optional>

namespace recoup::service {

/// Made from the head; the connection keeps it until the handler takes it over, or drops it when no body comes.
struct Ingest::Admitted {
    std::shared_ptr<ShopAccess const> access;
    Source const* source = nullptr;
    std::uint64_t announced = 0;   // bytes of the body that are held already
    ingest::Admission::Place place;
};

struct Ingest::Waiting {
    Metrics& metrics;
    Clock const& clock;
    Responder respond;
    std::chrono::nanoseconds started;
    std::shared_ptr<Admitted> admitted;
    HeaderList headers = {};                        // of every answer
    std::optional<RequestName> repeat_name = {};    // of a claim that is ours
    IdempotencyStore* repeats = nullptr;

    Source const& source() const { return *admitted->source; }

    void answer(HttpResponse response, std::string_view outcome = {});
    void refuse(Error const& failure);
    /// Answers what was stored, and remembers it first when the request named itself.
    static void succeed(std::shared_ptr<Waiting> waiting, HttpResponse response);
    /// Gives a claim back first.
    static void fail(std::shared_ptr<Waiting> waiting, Error failure);
};

}  // namespace recoup::service
