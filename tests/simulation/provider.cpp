#include "simulation/provider.hpp"

#include "simulation/story.hpp"

namespace recoup::simulation {

Outcome Provider::take(Message const& message, Claim const& claim, bool arrived) {
    auto const& faults = scene_.options.faults;
    if (!arrived) return Outcome::unknown("timeout");
    if (keyed_)
        if (auto const known = answered_.find(message.id); known != answered_.end()) return known->second;
    if (scene_.chance.hit(faults.try_later))
        return Outcome::retry("busy", scene_.chance.hit(0.3) ? Millis{90'000} : Millis{0});
    auto outcome = Outcome::sent("p-" + message.id);
    if (scene_.chance.hit(faults.refused)) outcome = Outcome::rejected("no such address", scene_.chance.hit(0.5));
    else {
        judge_.accepted(message, claim);
        if (message.channel == Channel::email && scene_.chance.hit(scene_.options.reading)) look_at(message);
    }
    if (keyed_) answered_.emplace(message.id, outcome);
    return outcome;
}

/// Somebody opens it or follows its link, or a machine does.
void Provider::look_at(Message const& message) {
    MessageFeedback touch;
    touch.kind = scene_.chance.hit(0.5) ? FeedbackKind::opened : FeedbackKind::clicked;
    touch.message_id = message.id;
    touch.machine = scene_.chance.hit(0.2);
    auto const at = on_grid(scene_.now + scene_.chance.millis(Millis{500}, std::chrono::hours{scene_.chance.hit(0.5) ? 1 : 30}), scene_.options);
    auto const number = std::to_string(scene_.arrivals.size());
    scene_.arrivals.push_back({arrives(at, scene_.options, scene_.chance), no_shopper, shop_event("touch-" + number, at, touch)});
}

Outcome ProviderAdapter::send(Message const& message) {
    auto const& faults = scene_.options.faults;
    host_.edge("before the call");
    Claim const claim = host_.claim_of(message.id);
    judge_.called(message, claim);
    bool const slow = scene_.chance.hit(faults.slow);
    auto const latency = scene_.chance.millis(Millis{5}, Millis{250});
    auto const outlasting = [&] { return scene_.chance.millis(Millis{20'000}, Millis{200'000}); };
    host_.wait(slow && scene_.chance.hit(0.5) ? outlasting() : latency / 2);
    auto outcome = provider_.take(message, claim, !scene_.chance.hit(faults.timeout));
    scene_.note("provider", recoup::name(outcome.kind).data(), message.id + " to " + message.to);
    host_.wait(slow ? outlasting() : latency / 2);
    host_.edge("after the call");
    if (outcome.kind == OutcomeKind::sent && scene_.chance.hit(faults.accepted_timeout)) return Outcome::unknown("timeout");
    return outcome;
}

/// Providers list what they took a while later.
std::optional<std::string> ProviderAdapter::look_up(std::string const& message_id) {
    host_.edge("before the look-up");
    host_.wait(scene_.chance.millis(Millis{5}, Millis{250}));
    if (scene_.chance.hit(0.2) || !provider_.has(message_id)) return std::nullopt;
    scene_.note("provider", "has", message_id);
    return "p-" + message_id;
}

}  // namespace recoup::simulation
