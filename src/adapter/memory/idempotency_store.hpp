#pragma once
// IdempotencyStore in memory, for tests. Every call is answered before it returns.

#include "recoup/port/idempotency_store.hpp"

#include <map>
#include <mutex>

namespace recoup::memory {

class MemoryIdempotencyStore final : public IdempotencyStore {
public:
    void claim(RequestName name, Instant now, std::function<void(Result<Claim>)> done) override;
    void finish(RequestName name, StoredAnswer answer, Instant now, std::function<void(Result<void>)> done) override;
    void release(RequestName name, std::function<void(Result<void>)> done) override;
    void close() override;

    /// The next calls fail as they do when the database is down.
    void fail(bool failing);

private:
    struct Held {
        std::string fingerprint;
        Instant claimed_at{};
        StoredAnswer answer;
    };

    Claim claim_locked(RequestName const& name, Instant now);
    Result<void> trouble() const;

    std::mutex mutex_;
    std::map<std::pair<std::string, std::string>, Held> held_;
    bool closed_ = false, failing_ = false;
};

}  // namespace recoup::memory
