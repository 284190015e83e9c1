#include "app/demo/dirt.hpp"

#include <algorithm>

namespace recoup::demo {
namespace {

using std::chrono::minutes;

bool is_delivery(Action const& action) { return action.kind == ActionKind::shopify || action.kind == ActionKind::custom; }

bool chance(Random& random, int percent) { return random.below(100) < static_cast<std::uint64_t>(percent); }

minutes some_minutes(Random& random, int low, int high) {
    return minutes{low + static_cast<int>(random.below(static_cast<std::uint64_t>(high - low)))};
}

/// The order overtakes the checkout it came from.
void let_order_overtake(std::vector<Action>& script, Random& random) {
    auto const order = std::find_if(script.begin(), script.end(), [](Action const& action) {
        return action.fact == Fact::ordered && !action.only_if_contacted;
    });
    if (order == script.end() || !chance(random, 15)) return;
    for (auto action = script.begin(); action != order; ++action)
        if (is_delivery(*action) && action->topic.starts_with("checkout"))
            action->deliver_at = order->deliver_at + some_minutes(random, 5, 90);
}

void swap_neighbours(std::vector<Action>& script, Random& random) {
    for (std::size_t i = 0; i + 1 < script.size(); ++i) {
        auto &first = script[i], &second = script[i + 1];
        bool const close = is_delivery(first) && is_delivery(second) && !second.only_if_contacted &&
                           second.occurred_at - first.occurred_at < minutes{15};
        if (close && chance(random, 6)) first.deliver_at = second.deliver_at + std::chrono::seconds{40};
    }
}

}  // namespace

void add_dirt(std::vector<Action>& script, Instant end, Random& random) {
    let_order_overtake(script, random);
    swap_neighbours(script, random);
    std::vector<Action> repeated;
    for (auto& action : script) {
        if (!is_delivery(action) && action.kind != ActionKind::pixel) continue;
        if (chance(random, 5)) action.deliver_at += some_minutes(random, 5, action.fact == Fact::ordered ? 40 : 180);
        if (!chance(random, 12)) continue;
        repeated.push_back(action);
        repeated.back().deliver_at += some_minutes(random, 1, 120);
    }
    script.insert(script.end(), repeated.begin(), repeated.end());
    for (auto& action : script) action.deliver_at = std::min(action.deliver_at, end);
}

}  // namespace recoup::demo
