#pragma once
// Circuit breaker of one account: after `failures` in a row nothing is sent for a while, then one message tries it; each
// failed trial doubles the while. A refusal of one address is an answer, not a failure.

#include "recoup/base/time.hpp"

namespace recoup::core {

class Breaker {
public:
    struct Settings {
        int failures = 10;                            // in a row; 0 = no breaker
        Millis open_for{std::chrono::seconds{30}};
        Millis longest{std::chrono::minutes{10}};
    };
    enum class State : unsigned char { closed, half_open, open };
    enum class Heard : unsigned char { answer, failure };

    /// `now` = go, and when half open this one is the trial; later = ask again then.
    Instant ask(Settings const& settings, Instant now);
    /// What a call became. A trial that nobody tells of is given up after `open_for`.
    void hear(Settings const& settings, Heard heard, Instant now);
    State state(Instant now) const;

private:
    int failed_ = 0;              // in a row
    Millis open_for_{0};          // 0 = closed
    Instant open_until_{};
    Instant trial_until_{};       // never = no trial is under way
};

}  // namespace recoup::core
