#pragma once
// What every schedule store does with the steps it claims.

#include "recoup/port/schedule_store.hpp"

#include <string>
#include <vector>

namespace recoup::core {

/// A claimed step with its fencing token.
struct LeasedStep {
    DueStep due;
    std::int64_t lease_token = 0;
};

/// The order in which they are decided: the earliest due first, ties always broken the same way.
void order_claimed(std::vector<LeasedStep>& claimed);

/// The decision that is stored when a lease ended and nobody knows whether the message left.
Decision outcome_unknown(std::string const& message_id, std::string enrollment_id, std::string person_id,
                         std::string cart_id, int step, Instant now);

}  // namespace recoup::core
