#pragma once
// Which touch an order is credited to: the last one clicked within the window before the order, else the last one sent
// within it. A click is a person's act, a send only ours, so any click beats any mere send. Credit is not cause: the
// holdout (experiment.hpp) says what recovery earned.

#include "recoup/base/time.hpp"

#include <cstddef>
#include <optional>
#include <span>

namespace recoup::core {

struct TouchTimes {
    Instant sent_at{};
    Instant clicked_at{};   // never = not clicked
};

struct Credit {
    std::size_t touch = 0;  // index
    bool clicked = false;
};

/// nullopt: no touch lies in [placed_at - window, placed_at). Among equals the later in the list wins.
std::optional<Credit> credit_order(Instant placed_at, std::span<TouchTimes const> touches, Millis window);

}  // namespace recoup::core
