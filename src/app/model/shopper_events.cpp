#include "app/model/shopper_events.hpp"

#include "recoup/base/limits.hpp"

namespace recoup::app {
namespace {

constexpr Millis cart_life = std::chrono::days(14);

}  // namespace

void ShopperEvents::add(Instant at, std::string source, EventBody body) {
    Event event;
    event.shop_id = data_set_;
    event.id = source + ":" + shopper_ + ":" + std::to_string(++events_);
    event.trusted = source != "pixel";
    event.source = std::move(source);
    event.occurred_at = event.received_at = at;
    event.keys.push_back({KeyKind::anonymous_id, shopper_});
    bool const about_cart = std::holds_alternative<CartChanged>(body) || std::holds_alternative<OrderPlaced>(body);
    if (about_cart && !lines_.empty())
        event.keys.push_back({KeyKind::cart_token, shopper_ + "-" + std::to_string(intents_)});
    event.body = std::move(body);
    out_.push_back(std::move(event));
}

void ShopperEvents::seen(Instant at, std::string const& session, BehaviourKind kind, std::string product,
                         Millis duration) {
    BehaviourSeen body;
    body.kind = kind;
    body.session_id = session;
    body.product_id = std::move(product);
    body.duration_ms = duration.count();
    add(at, "pixel", std::move(body));
}

void ShopperEvents::put_in(Instant at, std::string product) {
    if (!lines_.empty() && at - last_act_ > cart_life) lines_.clear();
    if (lines_.empty()) ++intents_;
    if (lines_.size() < limits::cart_lines) {
        Line line;
        line.product_id = std::move(product);
        lines_.push_back(std::move(line));
    }
    cart_changed(at, Stage::cart);
}

void ShopperEvents::reach(Instant at, Stage stage) {
    if (lines_.empty() || at - last_act_ > cart_life) return;
    cart_changed(at, stage);
}

void ShopperEvents::cart_changed(Instant at, Stage stage) {
    last_act_ = at;
    CartChanged body;
    body.stage = stage;
    body.has_content = true;
    body.lines = lines_;
    add(at, "events", std::move(body));
}

void ShopperEvents::order(Instant at) {
    if (at - last_act_ > cart_life) lines_.clear();
    OrderPlaced body;
    body.order_id = shopper_ + "-order-" + std::to_string(++orders_);
    body.placed_at = at;
    body.lines = lines_;
    body.paid = true;
    add(at, "events", std::move(body));
    lines_.clear();
}

}  // namespace recoup::app
