#pragma once
// What a run is made of. The seed draws everything that is not given, so a run is named by its command line.

#include "core/policy/facts.hpp"
#include "core/rate/token_bucket.hpp"

#include "recoup/base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace recoup::simulation {

/// Deliberate mistakes, made around the services, that a run must find.
enum class Breakage : unsigned char {
    none,
    order_check_outside,   // the truth is read before the claiming transaction
    no_fencing,            // a completion counts with whatever token the step has now
    cap_off_by_one,        // one message more than the policy allows
    retry_on_unknown,      // an unknown outcome of a provider without keys is tried again
    wrong_zone,            // quiet hours in the shop's zone
    ignored_pause,         // a claim does not look at the pauses
    rate_of_another,       // the limiter allows ten times the rate
    law_of_the_shop,       // the law is asked as if everybody lived where the shop does
    unseen_opening,        // that somebody opened or clicked is not looked at
};
std::string_view name(Breakage breakage);
std::optional<Breakage> breakage_from(std::string_view text);

/// Probabilities at each occasion.
struct Faults {
    double yield = 0.2;              // others run at an edge
    double crash = 0;                // an instance dies at an edge
    double lost_before = 0;          // a store call fails, nothing was written
    double lost_after = 0;           // a store call fails, everything was written
    double conflict = 0;             // the transaction loses against somebody else
    double duplicate = 0;            // an event arrives twice
    double late = 0;                 // an event arrives up to a day late
    double append_lost = 0;          // an append was stored, its answer lost: the sender repeats
    double append_refused = 0;
    double accepted_timeout = 0;     // the provider takes the message, its answer is lost
    double timeout = 0;              // the provider never got it, which nobody can tell
    double try_later = 0;
    double refused = 0;              // for good; half of them suppress the address
    double slow = 0;                 // a call outlasts the lease
    double clock_jump = 0;           // at each of a day's hours, an instance's clock is set anew
    Millis skew{0};                  // instances' clocks are off by up to this much
};

struct Options {
    std::uint64_t seed = 1;
    int carts = 100;
    int hours = 72;                  // of shoppers doing things; what follows from it is always lived through
    Breakage breakage = Breakage::none;
    bool calm = false;               // no faults at all

    // Drawn from the seed by drawn():
    Faults faults;
    core::Policy policy;
    Millis tick{1000};               // grid of the times at which things happen
    int trackers = 1;                // instances that only fold; two more do everything
    bool keyed_sms = false;          // which of the two providers knows keys
    std::size_t track_batch = 100, claim_batch = 50;
    std::optional<core::Rate> rate;  // of each channel's account, for each instance
    bool operators = false;          // people pause, resume, and look up what is unknown
    bool look_ups = false;           // providers can be asked what became of a message
    bool browsing = false;           // shoppers look at products, and the shop follows that
    double reading = 0;              // of emails, by people and by machines
};

/// The next moment at which something may happen.
Instant on_grid(Instant at, Options const& options);
/// The options with all that the seed decides filled in.
Options drawn(Options options);
/// "scripts/simulate --seeds 7..7 --carts 100 --hours 72": replays the run exactly.
std::string command(Options const& options);

}  // namespace recoup::simulation
