#pragma once
// A model of one step, its provider and two workers that share it, small enough to visit every state it can reach.

#include "core/send/send.hpp"

#include <functional>
#include <string>
#include <vector>

namespace recoup::core::model {

using Transition = std::function<std::optional<SendState>(SendState const&, SendEvent const&)>;

struct Setting {
    bool keyed = false;              // the provider repeats its answer to a key it knows
    bool repeats_unknown = false;    // the sender gives unknown outcomes a time to be asked again at
    Transition next = &core::next;
};

struct Finding {
    std::size_t states = 0;
    std::string violation;           // empty = everything held in every state
    std::vector<std::string> path;   // what led there
};

/// Visits every reachable state, the nearest first.
Finding explore(Setting const& setting);

}  // namespace recoup::core::model
