#pragma once
// Enrollment: one person and cart (or failed payment) going through one version of a sequence. Step: one planned touch.

#include "recoup/domain/decision.hpp"
#include "recoup/domain/sequence.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace recoup {

enum class Arm : unsigned char { treated, holdout };
std::string_view name(Arm arm);

struct Enrollment {
    std::string id;
    std::string person_id;
    std::string cart_id;        // trigger cart, checkout and browse
    std::string payment_id;     // a payment trigger
    Trigger trigger = Trigger::cart;
    std::string sequence;
    int sequence_version = 0;
    Arm arm = Arm::treated;
    bool active = true;
    Reason reason = Reason::idle;       // why it opened
    Reason end_reason = Reason::ok;     // when not active
    Instant anchor_at{};                // delays count from here
    Instant opened_at{};
    Instant ended_at{};
    int plan = 1;                       // steps of older plans are void
    bool any_sent = false;              // at least one message left (or may have left)
    std::int64_t value_minor = 0;
    std::string currency;
};

/// Where a step is. `done`: its send came to an end, whatever it was; `skipped`: decided not to be sent; `dropped`: its plan
/// does not count any more (SQL and API say void).
enum class StepState : unsigned char { planned, sending, done, skipped, dropped };
std::string_view name(StepState state);
std::optional<StepState> step_state_from(std::string_view text);

/// What a step waited for beyond its planned time, the last of it; kept when it goes on, so that it queues as one that waited.
enum class StepWait : unsigned char { none, paused, resumed, rate_limited, provider_down };
std::string_view name(StepWait wait);
std::optional<StepWait> step_wait_from(std::string_view text);
/// The wait that a decision to move for this reason begins; nullopt: it is no such reason.
std::optional<StepWait> wait_for(Reason reason);

/// A step as planned: written once per plan.
struct PlannedStep {
    std::string enrollment_id;
    int plan = 1;
    int step = 0;                       // index in the sequence
    Channel channel = Channel::email;
    Instant planned_at{};               // anchor + delay
    Instant due_at{};                   // when to decide; later than planned_at after a move or retry
    StepWait wait = StepWait::none;
};

}  // namespace recoup
