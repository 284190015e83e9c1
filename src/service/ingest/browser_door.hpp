#pragma once
// BrowserDoor: what stands before the sources that shoppers' browsers call. Exact origins, robots, people who object to
// being tracked, and rates for each key, address prefix and visitor. Addresses and visitors are known as salted hashes
// only, in memory that does not grow, and never logged.

#include "core/rate/rate_table.hpp"
#include "recoup/base/clock.hpp"
#include "recoup/port/metrics.hpp"
#include "recoup/port/source.hpp"

#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace recoup::service::ingest {

/// Events a second. Each is counted for what it is; a batch may go into debt.
struct BrowserLimits {
    core::Rate key, address, visitor;
    std::vector<std::string> proxies;   // addresses whose X-Forwarded-For is believed
};

/// Thread-safe; never blocks for long.
class BrowserDoor {
public:
    /// `salt` is a secret of this process.
    BrowserDoor(Clock const& clock, Metrics& metrics, BrowserLimits limits, std::string salt);

    void set_limits(BrowserLimits limits);

    /// From the head alone: 403 for a page that may not speak for the shop, 429 for an address that sends too much, 204
    /// for robots, prefetches and objectors, of whom nothing is kept. nullopt = go on.
    std::optional<HttpResponse> before_body(HttpRequest const& head, Shop const& shop);

    /// Once the body was understood: 429 when the key or a visitor sends too much; else counts its events.
    std::optional<HttpResponse> before_keeping(HttpRequest const& head, Shop const& shop, std::string_view key,
                                               Delivery const& delivery);

    /// OPTIONS: cached by the browser for a day; 403 for other origins. Never with credentials.
    static HttpResponse preflight(HttpRequest const& head, Shop const& shop);
    /// The headers of an answer that let the page that asked read it.
    static HeaderList headers_for(HttpRequest const& head, Shop const& shop);

private:
    std::uint64_t hash(std::string_view kind, std::string_view shop_id, std::string_view what) const;
    /// nullopt = not known, or our own proxy speaking for itself.
    std::optional<std::uint64_t> address_of(HttpRequest const& head, Shop const& shop) const;
    HttpResponse slow_down(std::string_view reason, std::chrono::nanoseconds wait);
    HttpResponse forget(std::string_view reason, HttpResponse answer);

    Clock const& clock_;
    Metrics& metrics_;
    std::string const salt_;
    mutable std::mutex mutex_;
    BrowserLimits limits_;
    core::RateTable addresses_, visitors_, keys_;
};

}  // namespace recoup::service::ingest
