#pragma once
// Schedule store: claims what is due and records what became of it. Time is a parameter of every call. A claim and the
// decisions made on it commit in one transaction; the order, consent, suppression and plan checks see that snapshot
// under the person's row lock.

#include "recoup/base/shared.hpp"
#include "recoup/domain/cap.hpp"
#include "recoup/domain/cart.hpp"
#include "recoup/domain/enrollment.hpp"
#include "recoup/domain/message.hpp"
#include "recoup/domain/order.hpp"
#include "recoup/domain/pause.hpp"
#include "recoup/domain/person.hpp"
#include "recoup/domain/shop.hpp"
#include "recoup/domain/version.hpp"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace recoup {

/// An idle cart with all that opening looks at.
struct IdleCart {
    Shop shop;
    Cart cart;
    Person person;
    std::optional<Enrollment> active;          // of the person, in the lane of carts
    std::vector<Sequence> sequences;           // active versions of that lane
    std::optional<Sequence> running;           // the version that `active` is on, when it is none of those
    std::vector<Cart> others;                  // of what was browsed only: carts of the person, not ordered
    std::int64_t abandonments = 0;             // of the shop so far, at most as many as are asked for
    Instant marked_at{};                       // newest order under the cart's address mark; never = none
    std::optional<Arm> first_arm;              // of the person's earliest enrollment; nullopt = the first
};

struct OpenWrite {
    std::string shop_id, cart_id;
    std::optional<Instant> watch_again;        // set: look again then
    std::optional<Enrollment> opened;          // new, or with `replanned` the new plan of an existing one
    bool replanned = false;
    std::vector<PlannedStep> steps;
    std::optional<std::pair<std::string, Reason>> ended;   // the superseded enrollment
    std::vector<Decision> decisions;
    std::optional<Score> score;
};

/// A claimed step with the truth it is decided on.
struct DueStep {
    Shared<Shop> shop;
    Enrollment enrollment;
    PlannedStep step;
    Shared<Sequence> sequence;                 // the enrollment's own version
    std::optional<Cart> cart;
    std::optional<Payment> payment;
    Person person;                             // id empty = erased
    std::vector<Cart> others;                  // of what was browsed only: carts of the person, not ordered
    struct Sent {
        Channel channel = Channel::email;
        std::string cart_id, enrollment_id;
        Instant at{};
        int step = 0;
        bool opened = false;                   // by a human
        bool clicked = false;                  // by a human, or restored the cart
    };
    std::vector<Sent> history;                 // what left or may have left, but for this step's own message
    std::set<std::string> suppressed;          // "<channel>:<address>"
    std::map<std::string, Versioned<Variant>> goods;   // by variant id, whole products too; `available` is what can be bought now
    std::map<std::string, Coupon> coupons;     // by coupon_key, those that the sequence names and the store told of
    int attempt = 0;                           // tries before this one
    struct Tried {                             // the message of those tries
        MessageStatus status = MessageStatus::retry;
        std::string adapter, request_hash;
    };
    std::optional<Tried> tried;
    std::optional<Pause> paused;               // one that covers it
    std::optional<int> shop_left;              // messages the shop may still send now; nullopt = it has no cap
    Instant marked_at{};                       // newest order under the cart's address mark or the mark of a message of the
                                               // enrollment (core/mark); never = none
    std::int64_t failures_around = 0;          // with payment: others of the shop that failed within ten minutes of it, at
                                               // most 1,000
    bool on_sale = false;                      // the shop has a sale of its own: no incentive on top
};

/// How many carts are looked at at once, and how far the abandonments of their shops are counted.
struct OpenSize {
    std::size_t carts = 0;
    std::int64_t abandonments_up_to = 0;       // 0 = nobody asks
    OpenSize(std::size_t carts_, std::int64_t abandonments = 0) : carts(carts_), abandonments_up_to(abandonments) {}   // NOLINT: a number is a size
};

/// How much is claimed at once, and under which cap of each shop.
struct ClaimSize {
    std::size_t steps = 0;
    Cap shop{};                                // of all messages that left or may have left
    ClaimSize(std::size_t steps_, Cap shop_ = {}) : steps(steps_), shop(shop_) {}   // NOLINT: a number is a size
};

/// The message as stored when its sending begins.
struct MessageDraft {
    Message message;
    std::string enrollment_id, person_id, cart_id, sequence, step_name, adapter, target_url;
    int step = 0;
    int incentive_percent = 0;
    Instant planned_at{};
    std::string request_hash;                  // of what the provider is asked to send; the same for an exact repetition
};

struct StepWrite {
    std::string shop_id, enrollment_id;
    int plan = 1, step = 0;
    Verdict verdict = Verdict::skip;           // send, skip, move or end
    Reason reason = Reason::ok;
    Instant move_to{};                         // with move
    std::optional<MessageDraft> draft;         // with send
    bool may_repeat = false;                   // with send: to the provider that was asked before, and it knows keys
    Decision decision;
    bool told_before = false;                  // put back once more for the same reason: the decision is not stored again
};

/// What a send became. Counts only with the lease token of its own claim (fencing).
struct SendResult {
    std::string shop_id, message_id, enrollment_id;
    int plan = 1, step = 0;
    std::int64_t lease_token = 0;
    Outcome outcome;
    std::optional<Instant> retry_at;           // with retry_later, and unknown from a provider that knows keys
    bool idempotent = false;                   // the provider knows keys
    bool called = true;                        // false: held back before the call, which is no attempt
    Channel channel = Channel::email;
    std::string address_hash;                  // with outcome.suppress
    std::optional<Decision> decision;          // rejected, retry exhausted, unknown
};

/// What becomes of a step whose lease ended, by the name of the adapter that may have sent it.
struct LeaseRecovery {
    std::vector<std::string> idempotent{};   // is planned again; others are never sent again
    std::vector<std::string> looked_up{};    // not before there was time for the look-up
    Millis time_to_look_up{0};
    Millis early{0};                         // leases are taken over so long before their end: 0 unless nobody else works on this data
};

/// A message of which nobody knows whether it left.
struct UnknownMessage {
    std::string shop_id, message_id, adapter;
};

/// What its provider said: it has it, under an id of its own.
struct FoundMessage {
    std::string shop_id, message_id, provider_id;
};

/// What becomes of a step at each of these calls is said by core/send; the stores write it.
/// An enrollment without a planned or sending step left ends as completed by itself.
class ScheduleStore {
public:
    virtual ~ScheduleStore() = default;

    /// Earliest instant at which anything is due; nullopt = nothing is planned.
    virtual Result<std::optional<Instant>> next_due() = 0;

    /// Claims so many idle carts due at `now` (SKIP LOCKED) and writes what `decide` says. Returns how many.
    virtual Result<std::size_t> open_idle(Instant now, OpenSize const& size,
                                          std::function<std::vector<OpenWrite>(std::vector<IdleCart> const&)> const& decide) = 0;

    struct Claimed {
        std::size_t decided = 0;               // steps claimed, whatever was decided, also those to be claimed again
        std::vector<std::pair<MessageDraft, std::int64_t>> sends;   // with their lease token, to send now
        std::vector<DueStep> facts;            // of the sends, in the same order
    };
    /// Claims due steps (leased until `lease_until`, SKIP LOCKED) and writes what `decide` says. With a cap of the shop, claims of
    /// one shop follow one another, so that none sees a place that another takes.
    virtual Result<Claimed> claim_steps(Instant now, Instant lease_until, ClaimSize const& size,
                                        std::function<std::vector<StepWrite>(std::vector<DueStep> const&)> const& decide) = 0;

    virtual Result<void> finish(std::vector<SendResult> const& results, Instant now) = 0;

    /// Leases that ended: their messages become unknown, unless a callback spoke of them. Unknown messages of which a callback
    /// spoke are sent ones. Returns how many.
    virtual Result<std::size_t> recover_leases(Instant now, LeaseRecovery const& how) = 0;

    /// Up to `max` unknown messages of these adapters, in the order of their ids, from behind `after`.
    virtual Result<std::vector<UnknownMessage>> unknown_messages(std::vector<std::string> const& adapters, std::string const& after,
                                                                 std::size_t max) = 0;
    /// Those that are still unknown, and not being sent at this moment, are sent ones. Returns how many.
    virtual Result<std::size_t> settle_found(std::vector<FoundMessage> const& found, Instant now) = 0;

    /// How many steps are due at `now` and not claimed.
    virtual Result<std::int64_t> due_count(Instant now) = 0;
};

}  // namespace recoup
