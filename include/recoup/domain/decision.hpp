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
    sms_once_per_cart,   // the SMS that the law allows for one cart were sent
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
    law_hours,           // outside the hours that the law of the person's place allows
    law_cap,             // as many messages as that law allows
    past_deadline,       // later after the abandonment than that law allows
    not_confirmed,       // that law wants a double opt-in
    consent_expired,     // the consent is older than that law or the policy lets it be
    under_age,           // the person was too young to consent
    shop_cap,            // the shop sent as many messages as its own cap allows
    no_postal_address,   // that law wants the shop's postal address in the message
    content_missing,     // the rendered message lacks what that law wants in it
    subscription_cancelled,   // opened: a subscription was cancelled
    subscribed,          // the person has a subscription again
    no_incentive,        // the incentive that the step is about cannot be given
    other_channel,       // it comes from a sales channel that is not recovered, or the store made a draft order
    not_a_customer,      // a test, staff, a crawler or an address that nobody reads
    bought_elsewhere,    // an order from the same postal address, or by a link of ours, under another name
    restarts_used,       // the cart changed so often that its plan is not made anew any more
    order_cancelled,     // the order of the failed payment was cancelled
    card_testing,        // one of a burst of failed payments
};
inline constexpr int reason_count = static_cast<int>(Reason::card_testing) + 1;

std::string_view name(Reason reason);
std::optional<Reason> reason_from(std::string_view text);
/// One plain sentence for `recoup why`.
std::string_view sentence(Reason reason);
bool reason_is_healthy(Reason reason);

/// One rule that was asked, in order, with what it saw.
struct TraceEntry {
    std::string rule;     // id: a built-in one in words, "not_ordered", one of a law pack, "us.sms.hours.fl", or a condition
    bool passed = true;
    std::string input{};  // short, redacted: never an address
    std::string source{}; // of a law that forbade: where it is written

    template <class Self, class V>
    static void fields(Self& self, V&& v) {
        v("rule", self.rule);
        v("passed", self.passed);
        v("input", self.input);
        v("source", self.source);
    }
};

/// One feature's exact share of the raw score (margin), see core/risk.
struct Contribution {
    std::string feature;
    std::optional<double> value;   // nullopt = missing
    double share = 0;

    friend bool operator==(Contribution const&, Contribution const&) = default;

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
    int sequence_version = 0;      // of the sequence that was followed; 0 = none
    std::string law;               // version of the law that was asked (core/law/law.hpp); empty = it was not asked
    std::vector<TraceEntry> trace;
    std::optional<Score> score;
};

}  // namespace recoup
