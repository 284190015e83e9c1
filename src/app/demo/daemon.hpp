#pragma once
// The running daemon as the demo sees it: its public listener, and of its admin API the clock and the lists. Every call
// is repeated while the daemon is overloaded or away, so that a restart in between does no harm.

#include "app/demo/signed_call.hpp"

#include "recoup/base/result.hpp"
#include "recoup/port/http.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <string>
#include <string_view>

namespace recoup::demo {

struct Access {
    Store store;
    std::string admin_url, admin_token;
    Millis patience{std::chrono::seconds{90}};   // how long an absent daemon is waited for, real time
};

class Daemon {
public:
    /// `client` must outlive this and be thread-safe.
    Daemon(Access access, HttpClient& client) : access_(std::move(access)), client_(client) {}

    Store const& store() const { return access_.store; }

    /// Sends until it is answered with anything but 429 and 503. Errc::unavailable when patience ends. Thread-safe.
    Result<HttpAnswer> deliver(HttpCall const& call) const;

    /// The manual clock's time, after every accepted event is worked off. Errc::configuration when time is real.
    Result<Instant> now() const { return advance(Seconds{0}); }
    /// Moves the clock to `target`, also when the daemon restarts meanwhile; no effect when it is there already.
    Result<Instant> advance_to(Instant target) const;

    /// Every item of GET /v1/shops/{shop}/<kind>, all pages. `query` is percent-encoded, without '?'.
    Result<std::vector<nlohmann::json>> list(std::string_view kind, std::string const& query = {}) const;

private:
    /// Sent once unless `by` is zero: repeating a call that was cut off could move the clock twice.
    Result<Instant> advance(Seconds by) const;
    Result<nlohmann::json> get(std::string const& path) const;
    HttpCall admin_call(std::string method, std::string const& path, std::string body) const;

    Access access_;
    HttpClient& client_;
};

/// RFC 3986 percent-encoding of everything but unreserved characters.
std::string percent_encode(std::string_view text);

}  // namespace recoup::demo
