#include "core/statistics/attribution.hpp"

namespace recoup::core {

std::optional<Credit> credit_order(Instant placed_at, std::span<TouchTimes const> touches, Millis window) {
    auto const counts = [&](Instant at) { return at != never && at < placed_at && at >= placed_at - window; };
    std::optional<Credit> clicked, sent;
    for (std::size_t i = 0; i < touches.size(); ++i) {
        auto const& touch = touches[i];
        if (touch.sent_at == never || touch.sent_at >= placed_at) continue;
        if (counts(touch.clicked_at) && (!clicked || touch.clicked_at >= touches[clicked->touch].clicked_at))
            clicked = Credit{i, true};
        if (counts(touch.sent_at) && (!sent || touch.sent_at >= touches[sent->touch].sent_at)) sent = Credit{i, false};
    }
    return clicked ? clicked : sent;
}

}  // namespace recoup::core
