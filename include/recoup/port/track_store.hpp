#pragma once
// Track store: state for the tracker. One call, one transaction: the state that a batch can touch is loaded under row
// locks, the caller folds, and inbox ids, state, enrollments, steps and log offsets are written together.

#include "recoup/domain/enrollment.hpp"
#include "recoup/domain/shop.hpp"
#include "recoup/domain/world.hpp"
#include "recoup/port/event_log.hpp"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

namespace recoup {

/// What a batch mentions, for one shop.
struct TrackWant {
    std::string shop_id;
    std::vector<std::string> event_ids;
    std::unordered_set<IdentityKey, IdentityKeyHash> keys;   // whose they are, and whether they were erased
    std::set<std::string> order_ids, payment_ids, variant_ids;
    std::set<std::string> inventory_item_ids;
    std::set<std::string> coupon_keys;
    std::int64_t abandonments_up_to = 0;           // how far TrackState::abandonments counts; 0 = nobody asks
};

struct TrackState {
    Shop shop;                                     // id empty = unknown shop
    std::set<std::string> seen_event_ids;          // already in the inbox
    std::vector<Enrollment> enrollments;           // active ones of the persons loaded
    std::vector<Sequence> sequences;               // active version for each trigger
    std::int64_t abandonments = 0;                 // enrollments ever opened for carts and checkouts, at most as many as wanted
};

struct InboxRow {
    Event const* event = nullptr;                  // of the batch; outlives the write
    std::string person_id, cart_id;
};

struct TrackWrite {
    std::vector<InboxRow> inbox;
    std::map<std::string, std::optional<Instant>> idle_at;        // by cart id
    std::map<std::string, Score> scores;                          // by cart id
    std::vector<std::string> reached;                             // persons whose first address came with this batch:
    Millis idle{};                                                // carts of theirs that are not in it fall idle after this
    std::map<std::string, Arm> arms;                              // by enrollment id: opened before the contact was known
    std::vector<Enrollment> opened;                               // new
    std::vector<PlannedStep> steps;                               // of opened
    std::vector<std::pair<std::string, Reason>> ended;            // enrollment id, why
    std::vector<Decision> decisions;
};

/// One shop's share of a batch: what it wants, and the fold to run on what was found.
struct ShopWork {
    TrackWant want;
    World* world = nullptr;                        // filled by the store before `fold`
    Changes const* changes = nullptr;              // set by `fold`
    std::function<TrackWrite(TrackState const&)> fold;
};

class TrackStore {
public:
    virtual ~TrackStore() = default;

    /// -1 = none stored.
    virtual Result<std::int64_t> position(std::string_view log, int partition) = 0;
    /// Of every partition that was ever folded, by whichever tracker.
    virtual Result<LogPositions> positions(std::string_view log) = 0;

    /// Loads, folds and writes all shops' work and moves the positions from `from` to `to`, in one transaction.
    /// Errc::conflict: another tracker moved a position or a row meanwhile; read again from the stored positions.
    virtual Result<void> apply(std::vector<ShopWork>& work, std::string_view log, LogPositions const& from,
                               LogPositions const& to, Instant now) = 0;
};

}  // namespace recoup
