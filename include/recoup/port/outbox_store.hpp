#pragma once
// Outbox store: what operators do about sending. Messages of which nobody knows whether they left, and pauses. What becomes
// of a step is said by core/send. Each call is one transaction; thread-safe.

#include "recoup/base/result.hpp"
#include "recoup/domain/enrollment.hpp"
#include "recoup/domain/message.hpp"
#include "recoup/domain/pause.hpp"
#include "recoup/domain/sale.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace recoup {

/// A message whose outcome is unknown. No address, no content.
struct UnknownSend {
    std::string shop_id, message_id, enrollment_id, adapter, sequence, step_name, provider_code;
    Channel channel = Channel::email;
    int step = 0;                      // index in the sequence
    int attempt = 1;
    bool repeated = false;             // it will be asked again under its key
    Instant planned_at{}, created_at{};
};

/// Rows strictly behind (after_at, after_id), by planned_at and message id.
struct UnknownQuery {
    std::string shop_id;               // empty = every shop
    Instant after_at{};
    std::string after_id;
    std::size_t limit = 100;
};

struct Resolution {
    std::string shop_id, message_id;
    MessageStatus status = MessageStatus::sent;
    bool planned_again = false;
    Reason reason = Reason::ok;        // not sent and not planned again: why
};

class OutboxStore {
public:
    virtual ~OutboxStore() = default;

    virtual Result<std::vector<UnknownSend>> unknown(UnknownQuery const& query) = 0;
    virtual Result<std::int64_t> unknown_count() = 0;
    /// Errc::not_found: there is no message of this id, or its outcome is known. Errc::conflict: it is being sent now.
    virtual Result<Resolution> resolve(std::string const& message_id, bool sent, Instant now) = 0;

    /// The oldest first.
    virtual Result<std::vector<Pause>> pauses() = 0;
    /// No claim that commits after it returned sends what it covers. One of the same scope keeps its `since`.
    virtual Result<void> pause(Pause const& pause) = 0;
    /// Ends the pause of exactly this scope and lets the steps that it held fall due within `spread` of `now`, never past
    /// their usefulness. Returns how many; Errc::not_found without such a pause.
    virtual Result<std::size_t> resume(Pause const& scope, Instant now, Millis spread) = 0;

    /// Those that go on, by shop.
    virtual Result<std::vector<Sale>> sales() = 0;
    /// No claim that commits after it returned gives an incentive in that shop. One that goes on keeps its `since`.
    virtual Result<void> begin_sale(Sale const& sale) = 0;
    /// Errc::not_found when none goes on for exactly this shop (empty: for every shop).
    virtual Result<void> end_sale(std::string const& shop_id, Instant now) = 0;
};

}  // namespace recoup
