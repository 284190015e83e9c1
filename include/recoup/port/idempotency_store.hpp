#pragma once
// Idempotency store: what was answered to a request that named itself, for all processes that share it, for a day. One
// contract suite runs on the Postgres adapter and on the memory one.

#include "recoup/base/result.hpp"
#include "recoup/base/time.hpp"

#include <functional>
#include <string>

namespace recoup {

/// Which request: hashes only, as hex.
struct RequestName {
    std::string shop_id;
    std::string key_hash;      // of the key the sender chose
    std::string fingerprint;   // of what was sent
};

struct StoredAnswer {
    int status = 0;
    std::string content_type;
    std::string body;

    friend bool operator==(StoredAnswer const&, StoredAnswer const&) = default;
};

struct Claim {
    enum class Kind : unsigned char {
        first,         // the caller goes on, and then calls finish or release
        repeated,      // `answer` is what was answered
        in_progress,   // somebody else is at it, and not for longer than idempotency_lease
        other_body,    // the key named another request
    };
    Kind kind = Kind::first;
    StoredAnswer answer;
};

inline constexpr Millis idempotency_lease{10'000};     // a claim without an answer for so long is given to the next who asks
inline constexpr Millis idempotency_life{24 * 3600 * 1000};

/// Thread-safe; no call blocks. `done` is called exactly once, on the store's own thread or (Errc::overloaded) on the
/// caller's, and must not block. Errc::unavailable: nothing may be assumed.
class IdempotencyStore {
public:
    virtual ~IdempotencyStore() = default;
    virtual void claim(RequestName name, Instant now, std::function<void(Result<Claim>)> done) = 0;
    /// Durable when `done` hears so.
    virtual void finish(RequestName name, StoredAnswer answer, Instant now, std::function<void(Result<void>)> done) = 0;
    /// Forgets a claim that came to nothing.
    virtual void release(RequestName name, std::function<void(Result<void>)> done) = 0;
    /// Answers what was asked so far, then refuses with Errc::overloaded. Idempotent.
    virtual void close() = 0;
};

}  // namespace recoup
