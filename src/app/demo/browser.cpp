#include "app/demo/browser.hpp"

#include "recoup/domain/event.hpp"

#include <nlohmann/json.hpp>

#include <array>

namespace recoup::demo {
namespace {

using Json = nlohmann::json;
using std::chrono::seconds;

class Batch {
public:
    Batch(Shopper const& shopper, std::string_view part, Instant at) : shopper_(shopper), part_(part), at_(at) {}

    Json& add(BehaviourKind kind) {
        at_ += seconds{7};
        auto const number = std::to_string(events_.size() + 1);
        events_.push_back({{"id", shopper_.session_id + "-" + std::string(part_) + "-" + number},
                           {"type", name(kind)},
                           {"timestamp", to_rfc3339(at_)}});
        return events_.back();
    }

    Action action() const {
        Json const body = {{"session_id", shopper_.session_id},
                           {"anonymous_id", shopper_.anonymous_id},
                           {"cart_token", shopper_.cart_token},
                           {"events", events_}};
        Action out;
        out.kind = ActionKind::pixel;
        out.topic = "behaviour";
        out.body = body.dump();
        out.occurred_at = at_;
        return out;
    }

private:
    Shopper const& shopper_;
    std::string_view part_;
    Instant at_;
    Json events_ = Json::array();
};

bool leaves(Persona persona) {
    switch (persona) {
        case Persona::buyer:
        case Persona::declined:
        case Persona::stranded: return false;
        case Persona::browser:
        case Persona::emptier:
        case Persona::responder:
        case Persona::organic:
        case Persona::leaver:
        case Persona::objector: return true;
    }
    return true;
}

}  // namespace

Action browsing_batch(Shopper const& shopper, Instant at, Random& random) {
    Batch batch{shopper, "browse", at};
    batch.add(BehaviourKind::page_viewed);
    for (auto const& pick : shopper.basket)
        batch.add(BehaviourKind::product_viewed)["product_id"] = std::to_string(catalog()[pick.article].product_id);
    for (auto views = random.below(4); views > 0; --views) batch.add(BehaviourKind::page_viewed);
    batch.add(BehaviourKind::cart_viewed);
    return batch.action();
}

Action checkout_batch(Shopper const& shopper, Instant at, Random& random) {
    constexpr std::array<std::string_view, 4> methods{"card", "paypal", "klarna", "shop_pay"};
    bool const hesitant = leaves(shopper.persona);
    Batch batch{shopper, "checkout", at};
    batch.add(BehaviourKind::checkout_viewed);
    auto const depth = hesitant ? 30 + random.below(50) : 70 + random.below(31);
    batch.add(BehaviourKind::checkout_scrolled)["depth"] = depth;
    for (auto times = 1 + random.below(hesitant ? 4 : 2); times > 0; --times)
        batch.add(BehaviourKind::payment_method_selected)["method"] = methods[random.below(methods.size())];
    for (auto times = random.below(hesitant ? 5 : 2); times > 0; --times) {
        batch.add(BehaviourKind::tab_hidden);
        batch.add(BehaviourKind::tab_shown)["duration_ms"] = 4000 + random.below(90'000);
    }
    batch.add(BehaviourKind::step_timed)["duration_ms"] = 20'000 + random.below(hesitant ? 400'000 : 90'000);
    return batch.action();
}

}  // namespace recoup::demo
