#pragma once
// Decision: the recorded reasons and inputs of a send, a skip, an assignment. Reasons are one closed set with the same
// names in code, SQL, API, metrics and docs.

#include "recoup/base/time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace recoup {

enum class Verdict : unsigned char { send, skip, move, end, open, hold };
std::string_view name(Verdict verdict);

/// Why. `healthy` in reason_is_healthy tells silences that are good news from those that need action.
enum class Reason : unsigned char {
    ok,                  // nothing forbids it
    idle,                // opened: no activity for the idle time
    predicted,           // opened: risk above the threshold
    payment_failed,      // opened: a payment failed
    holdout,             // held: the person is in the control group
    ordered,             // the cart or the person ordered
    paid,                // the failed payment went through
    erased,              // the person or shop asked for erasure
    uninstalled,         // the shop uninstalled
    no_address,          // no address for this channel
    no_consent,          // no granted consent for this channel and address
    suppressed,          // the address must not be contacted
    condition,           // a condition of the step does not hold
    exit_rule,           // a condition for leaving the sequence holds
    send_window,         // outside the step's own hours or days
    quiet_hours,         // outside the allowed hours of the person's own zone
    too_late,            // past its usefulness
    frequency_cap,       // too many or too close messages
    sms_once_per_cart,   // one SMS for a cart within 48 hours
    cart_emptied,        // no lines left
    cart_deleted,        // the store deleted the checkout
    below_floor,         // value under the floor
    sold_out,            // no line can be bought
    superseded,          // a newer intent of the person won, or the plan was made anew
    decline_hard,        // this decline must not be followed up
    no_adapter,          // no adapter is configured for the channel
    template_error,      // the template could not be rendered
    rejected,            // the provider refused it for good
    retry_exhausted,     // the provider kept failing until the step was useless
    outcome_unknown,     // the provider may or may not have sent it; never sent again
    completed,           // every step is done
    paused,              // sending is paused for the shop, channel or sequence
    rate_limited,        // the channel account's rate is used up; it has its place in the queue
    provider_down,       // the provider kept failing and is left alone for a while
    overdue,             // was due while nothing could be sent; spread out over the time after it
};
inline constexpr int reason_count = static_cast<int>(Reason::overdue) + 1;

std::string_view name(Reason reason);
std::optional<Reason> reason_from(std::string_view text);
/// One plain sentence for `recoup why`.
std::string_view sentence(Reason reason);
bool reason_is_healthy(Reason reason);

/// One rule that was asked, in order, with what it saw.
struct TraceEntry {
    std::string rule;
    bool passed = true;
    std::string input;    // short, redacted: never an address

    template <class Self, class V>
    static void fields(Self& self, V&& v) {
        v("rule", self.rule);
        v("passed", self.passed);
        v("input", self.input);
    }
};

/// One feature's exact share of the raw score (margin), see core/risk.
struct Contribution {
    std::string feature;
    std::optional<double> value;   // nullopt = missing
    double share = 0;

    template <class Self, class V>
    static void fields(Self& self, V&& v) {
        v("feature", self.feature);
        v("value", self.value);
        v("share", self.share);
    }
};

/// A risk and where it comes from. bias + sum(share) = margin; risk is the model's calibrated probability of the margin.
struct Score {
    std::string model;             // model version, empty = no model
    double risk = 0;
    double margin = 0;
    double bias = 0;
    std::vector<Contribution> contributions;

    template <class Self, class V>
    static void fields(Self& self, V&& v) {
        v("model", self.model);
        v("risk", self.risk);
        v("margin", self.margin);
        v("bias", self.bias);
        v("contributions", self.contributions);
    }
};

struct Decision {
    std::string id;
    std::string subject;           // "open", "step", "outcome", "feedback"
    Verdict verdict = Verdict::skip;
    Reason reason = Reason::ok;
    Instant at{};
    Instant move_to{};             // verdict move
    std::string enrollment_id, person_id, cart_id, message_id;
    int step = -1;                 // index in the sequence; -1 = none
    std::vector<TraceEntry> trace;
    std::optional<Score> score;
};

}  // namespace recoup
