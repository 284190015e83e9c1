#pragma once
// GCRA with a queue (ITU-T I.371): who does not conform gets the next free place instead of a refusal, so that what waits
// comes back one by one and is asked about once. Instants are the injected clock's, for they are stored as due times.

#include "core/rate/token_bucket.hpp"

#include "recoup/base/time.hpp"

namespace recoup::core {

class Gcra {
public:
    /// `now` = go; later = the place in the queue, which is taken by that. `waited`: it had a place and comes for it.
    Instant ask(Rate const& rate, Instant now, bool waited);

private:
    Instant next_{};       // the theoretical arrival time of what went
    Instant promised_{};   // and of what was promised a place
};

}  // namespace recoup::core
