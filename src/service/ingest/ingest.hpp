#pragma once
// Ingest: POST /webhooks/{shop}/{source}. Verify, parse, encode, append; the sender hears 2xx only when every event
// of its delivery is durable. Nothing blocks: it runs on the I/O threads, and the log's thread answers.

#include "recoup/base/clock.hpp"
#include "recoup/port/event_log.hpp"
#include "recoup/port/metrics.hpp"
#include "recoup/port/shop_directory.hpp"
#include "recoup/port/source.hpp"

#include <memory>
#include <string>
#include <vector>

namespace recoup::service {

class Ingest {
public:
    /// Everything outlives it, and the log is closed before it ends. `public_url` is the public listener's base URL,
    /// no trailing slash, as senders know it.
    Ingest(EventLog& log, ShopDirectory const& shops, Clock const& clock, Metrics& metrics,
           std::vector<std::unique_ptr<Source>> const& sources, std::string public_url);

    /// POST and OPTIONS, at the source and at its calls. The handlers refer to this object.
    std::vector<Route> routes();

private:
    struct Waiting;

    void receive(HttpRequest const& request, Responder respond);
    Result<Delivery> read(HttpRequest const& request, Source const& source, ShopAccess const& access) const;
    void append(Delivery delivery, std::shared_ptr<Waiting> waiting);
    void preflight(HttpRequest const& request, Responder const& respond) const;
    Source const* find_source(HttpRequest const& request) const;
    std::vector<ShopSecret> active_secrets(ShopAccess const& access, Source const& source) const;

    EventLog& log_;
    ShopDirectory const& shops_;
    Clock const& clock_;
    Metrics& metrics_;
    std::vector<std::unique_ptr<Source>> const& sources_;
    std::string public_url_;
};

}  // namespace recoup::service
