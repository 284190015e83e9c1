#include "adapter/memory/idempotency_store.hpp"

namespace recoup::memory {

Result<void> MemoryIdempotencyStore::trouble() const {
    if (closed_) return error(Errc::overloaded, "closed");
    if (failing_) return error(Errc::unavailable, "told to fail");
    return {};
}

Claim MemoryIdempotencyStore::claim_locked(RequestName const& name, Instant now) {
    auto const [it, fresh] = held_.try_emplace({name.shop_id, name.key_hash}, Held{name.fingerprint, now, {}});
    auto& held = it->second;
    bool const same = held.fingerprint == name.fingerprint, open = held.answer.status == 0;
    bool const over = held.claimed_at <= now - idempotency_life;
    if (fresh || over || (open && same && held.claimed_at <= now - idempotency_lease)) {
        held = {name.fingerprint, now, {}};
        return {};
    }
    if (!same) return {Claim::Kind::other_body, {}};
    if (open) return {Claim::Kind::in_progress, {}};
    return {Claim::Kind::repeated, held.answer};
}

void MemoryIdempotencyStore::claim(RequestName name, Instant now, std::function<void(Result<Claim>)> done) {
    Result<Claim> outcome = Claim{};
    {
        std::lock_guard const lock(mutex_);
        if (auto const failed = trouble(); !failed) outcome = failed.error();
        else outcome = claim_locked(name, now);
    }
    done(std::move(outcome));
}

void MemoryIdempotencyStore::finish(RequestName name, StoredAnswer answer, Instant now, std::function<void(Result<void>)> done) {
    Result<void> outcome;
    {
        std::lock_guard const lock(mutex_);
        outcome = trouble();
        auto& held = held_.try_emplace({name.shop_id, name.key_hash}, Held{name.fingerprint, now, {}}).first->second;
        if (outcome && held.fingerprint == name.fingerprint) held.answer = std::move(answer);
    }
    done(std::move(outcome));
}

void MemoryIdempotencyStore::release(RequestName name, std::function<void(Result<void>)> done) {
    Result<void> outcome;
    {
        std::lock_guard const lock(mutex_);
        outcome = trouble();
        auto const it = held_.find({name.shop_id, name.key_hash});
        bool const open = it != held_.end() && it->second.fingerprint == name.fingerprint && it->second.answer.status == 0;
        if (outcome && open) held_.erase(it);
    }
    done(std::move(outcome));
}

void MemoryIdempotencyStore::close() {
    std::lock_guard const lock(mutex_);
    closed_ = true;
}

void MemoryIdempotencyStore::fail(bool failing) {
    std::lock_guard const lock(mutex_);
    failing_ = failing;
}

}  // namespace recoup::memory
