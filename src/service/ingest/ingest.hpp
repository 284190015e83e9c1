#pragma once
// Ingest: POST /webhooks/{shop}/{source}. Admit, verify, parse, encode, append; the sender hears 2xx only when every event
// of its delivery is durable. Nothing blocks: it runs on the I/O threads, and the threads of the log and the idempotency
// store answer.

#include "recoup/base/clock.hpp"
#include "recoup/port/event_log.hpp"
#include "recoup/port/idempotency_store.hpp"
#include "recoup/port/metrics.hpp"
#include "recoup/port/shop_directory.hpp"
#include "recoup/port/source.hpp"
#include "service/ingest/admission.hpp"
#include "service/ingest/browser_door.hpp"
#include "service/ingest/key_desk.hpp"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace recoup::service {

struct IngestSettings {
    std::string public_url;   // the public listener's base URL, no trailing slash, as senders know it
    std::string salt;         // secret bytes of this process, to hash addresses with
    ingest::AdmissionLimits admission;
    ingest::BrowserLimits browsers;
};

class Ingest {
public:
    /// Everything outlives it; the log and then the idempotency store are closed before it ends. Without a store the
    /// header is not heeded.
    Ingest(EventLog& log, ShopDirectory const& shops, Clock const& clock, Metrics& metrics,
           std::vector<std::unique_ptr<Source>> const& sources, IngestSettings settings,
           IdempotencyStore* repeats = nullptr);

    /// POST and OPTIONS, at the source and at its calls. The handlers refer to this object.
    std::vector<Route> routes();

    void set_limits(ingest::AdmissionLimits admission, ingest::BrowserLimits browsers);
    std::size_t bytes_in_flight() const { return admission_.bytes_in_flight(); }
    /// Keys used since the last call, with their last_used_at.
    std::vector<ShopSecret> take_key_uses() { return key_desk_.take(); }

private:
    struct Admitted;
    struct Read;
    struct Waiting;

    bool yields(HttpRequest const& head) const;
    std::optional<HttpResponse> admit(HttpRequest const& head, std::uint64_t content_length);
    Result<Admitted> look_up(HttpRequest const& head, std::uint64_t content_length) const;
    void receive(HttpRequest const& request, Responder respond);
    std::optional<Delivery> understand(HttpRequest const& request, Waiting& waiting);
    Result<Read> read(HttpRequest const& request, Waiting const& waiting);
    void claim(RequestName name, Delivery delivery, std::shared_ptr<Waiting> waiting);
    void append(Delivery delivery, std::shared_ptr<Waiting> waiting);
    void preflight(HttpRequest const& request, Responder const& respond) const;
    Source const* find_source(HttpRequest const& request) const;
    std::span<ShopSecret const> active_secrets(ShopAccess const& access, Source const& source, std::vector<ShopSecret>& room) const;

    EventLog& log_;
    ShopDirectory const& shops_;
    Clock const& clock_;
    Metrics& metrics_;
    std::vector<std::unique_ptr<Source>> const& sources_;
    std::string const public_url_;
    IdempotencyStore* repeats_;
    ingest::Admission admission_;
    ingest::BrowserDoor browsers_;
    ingest::KeyDesk key_desk_;
};

}  // namespace recoup::service
