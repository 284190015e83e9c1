#include "simulation/story.hpp"

namespace recoup::simulation {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

ConsentChanged consent(Channel channel, std::string address, ConsentState state, char const* method, bool confirmed = false) {
    ConsentChanged out;
    out.confirmed = confirmed;
    out.channel = channel;
    out.address = std::move(address);
    out.state = state;
    out.method = method;
    return out;
}

/// Waits of the default sequences: what a shopper does around them races a send.
std::vector<Millis> const due_after{hours{1}, hours{4}, hours{24}, hours{72}, minutes{30}};

}  // namespace

Event shop_event(std::string id, Instant at, EventBody body) {
    Event event;
    event.shop_id = shop_id;
    event.source = "events";
    event.id = "events:" + std::move(id);
    event.topic = body_name(body);
    event.occurred_at = event.received_at = at;
    event.body = std::move(body);
    return event;
}

Story::Story(Shopper const& shopper, std::size_t index, Instant start, Options const& options, Chance& chance)
    : shopper_(shopper), index_(index), start_(start), options_(options), chance_(chance) {}

int Story::tell() {
    auto const arrival_window = hours{std::max(1, options_.hours / 6)};
    auto const at = later(start_, Millis{0}, arrival_window);
    if (options_.browsing && chance_.hit(0.2)) {
        looks_only(at);
        return 0;
    }
    if (options_.browsing && chance_.hit(0.3)) visit(0, later(at, Millis{0}, hours{30}));
    int const carts = chance_.hit(0.2) ? 2 : 1;
    cart(0, at);
    if (carts == 2) cart(1, later(at, Millis{0}, chance_.hit(0.5) ? Millis{minutes{40}} : Millis{hours{30}}));
    if (chance_.hit(0.12)) payment(later(at, Millis{0}, hours{10}));
    if (chance_.hit(0.1)) change_of_mind();
    if (chance_.hit(0.03)) erase();
    return carts;
}

/// Known by name, and never puts anything into a cart.
void Story::looks_only(Instant at) {
    auto const yes = consent(Channel::email, shopper_.email, ConsentState::granted, "newsletter", index_ % 4 != 0);
    add("joins", at, {email(), phone(), visitor()}, yes);   // the phone tells where they live
    auto const first = later(at, Millis{0}, hours{2});
    visit(0, first);
    if (chance_.hit(0.4)) visit(1, later(first, hours{1}, hours{40}));
    if (chance_.hit(0.3)) order(0, first + hours{4} + chance_.millis(Millis{-3'000}, Millis{3'000}), false);
    if (chance_.hit(0.1)) change_of_mind();
}

void Story::visit(int number, Instant at) {
    for (auto views = chance_.between(1, 4); views > 0; --views) {
        BehaviourSeen view;
        view.kind = BehaviourKind::product_viewed;
        view.session_id = id("visit") + "-" + std::to_string(number);
        view.product_id = "p" + std::to_string(chance_.below(variant_count));
        add("view-" + std::to_string(number) + "-" + std::to_string(views), later(at, Millis{0}, minutes{15}), {visitor()}, view).trusted = false;
    }
}

void Story::cart(int number, Instant at) {
    auto const token = cart_token(number), checkout = checkout_token(number);
    if (chance_.hit(0.3)) browse(at, token);
    if (chance_.hit(0.6)) {
        CartChanged anonymous;
        fill(anonymous);
        add("cart-" + std::to_string(number), at, {token}, anonymous);
    }
    auto when = later(at, Millis{1'000}, minutes{10});
    CartChanged contact;
    contact.stage = Stage::contact;
    contact.country = chance_.hit(0.7) ? shopper_.country : "";
    contact.region = contact.country.empty() ? "" : shopper_.region;
    contact.recovery_url = "https://sim.example/recover/" + checkout.value;
    fill(contact);
    auto& typed = add("contact-" + std::to_string(number), when, {token, checkout, email(), phone()}, contact);
    if (options_.browsing && chance_.hit(0.7)) typed.keys.push_back(visitor());
    if (chance_.hit(0.9)) typed.consents.push_back(consent(Channel::email, shopper_.email, ConsentState::granted, "checkout", index_ % 4 != 0));
    if (chance_.hit(0.7)) typed.consents.push_back(consent(Channel::sms, shopper_.phone, ConsentState::granted, "checkout", index_ % 4 != 0));
    for (int edit = 0; chance_.hit(0.3) && edit < 4; ++edit) {
        when = later(when, Millis{0}, chance_.hit(0.7) ? Millis{minutes{20}} : Millis{hours{12}});
        CartChanged body;
        body.stage = Stage::shipping;
        fill(body);
        if (chance_.hit(0.08)) body.lines.clear();   // emptied
        add("edit-" + std::to_string(number) + "-" + std::to_string(edit), when, {checkout}, body);
    }
    if (chance_.hit(0.03)) add("delete-" + std::to_string(number), later(when, Millis{0}, hours{8}), {checkout}, CartDeleted{});
    if (chance_.hit(0.3)) order(number, later(when, Millis{0}, minutes{25}), true);
    else if (chance_.hit(0.2)) order(number, later(when, Millis{0}, hours{80}), chance_.hit(0.7));
    else if (chance_.hit(0.2))   // within seconds of a due step
        order(number, when + chance_.of(due_after) + chance_.millis(Millis{-3'000}, Millis{3'000}), chance_.hit(0.7));
}

void Story::fill(CartChanged& body) {
    body.has_content = true;
    body.currency = "USD";
    for (auto count = chance_.between(1, 3); count > 0; --count) {
        Line line;
        auto const variant = std::to_string(chance_.below(variant_count));
        line.variant_id = "v" + variant;
        line.product_id = "p" + variant;
        line.title = "Thing " + variant;
        line.price_minor = 1000;
        body.subtotal_minor += line.price_minor;
        body.lines.push_back(std::move(line));
    }
    body.total_minor = body.subtotal_minor;
}

void Story::browse(Instant at, IdentityKey const& token) {
    BehaviourSeen seen;
    seen.kind = BehaviourKind::checkout_viewed;
    seen.session_id = "s" + std::to_string(index_);
    add("seen-" + token.value, at, {visitor(), token}, seen).trusted = false;
}

void Story::order(int number, Instant at, bool by_token) {
    OrderPlaced body;
    body.order_id = id("order") + "-" + std::to_string(number);
    body.placed_at = at;
    body.total = {2000, "USD"};
    body.paid = chance_.hit(0.8);
    std::vector<IdentityKey> keys{{KeyKind::order_id, body.order_id}};
    keys.push_back(by_token ? checkout_token(number) : email());
    if (by_token && chance_.hit(0.5)) keys.push_back(email());
    add("order-" + std::to_string(number), at, std::move(keys), body);
}

void Story::payment(Instant at) {
    PaymentChanged failure;
    failure.payment_id = id("payment");
    failure.attempt_id = "1";
    failure.amount = {5000, "USD"};
    failure.decline_code = chance_.hit(0.1) ? "duplicate_transaction" : "insufficient_funds";
    IdentityKey const key{KeyKind::order_id, failure.payment_id};
    auto& failed = add("failed", at, {key, email(), phone()}, failure);
    if (chance_.hit(0.8)) failed.consents.push_back(consent(Channel::email, shopper_.email, ConsentState::granted, "events"));
    if (!chance_.hit(0.5)) return;
    PaymentChanged paid = failure;
    paid.attempt_id = "2";
    paid.state = PaymentState::paid;
    auto const when = chance_.hit(0.5) ? later(at, Millis{0}, hours{70})
                                       : at + chance_.of(due_after) + chance_.millis(Millis{-3'000}, Millis{3'000});
    add("paid", when, {key}, paid);
}

/// Unsubscribes or says STOP; some come back by an act of their own.
void Story::change_of_mind() {
    bool const text = chance_.hit(0.4);
    auto stop = consent(text ? Channel::sms : Channel::email, text ? shopper_.phone : shopper_.email, ConsentState::revoked,
                        text ? "sms_keyword" : "one_click");
    stop.suppress = true;
    stop.cause = text ? "stop" : "unsubscribe";
    auto const at = later(start_, hours{1}, hours{options_.hours});
    add("stop", at, {text ? phone() : email()}, stop);
    if (!chance_.hit(0.3)) return;
    auto const again = consent(stop.channel, stop.address, ConsentState::granted, "customer_profile");
    add("again", later(at, minutes{1}, hours{12}), {text ? phone() : email()}, again);
}

/// Nothing happens after it; what happened before may still arrive.
void Story::erase() {
    auto const at = later(start_, hours{2}, hours{options_.hours});
    std::erase_if(events_, [&](Event const& event) { return event.occurred_at > at; });
    add("erase", at, {email(), phone()}, PersonErased{});
}

Event& Story::add(std::string const& what, Instant at, std::vector<IdentityKey> keys, EventBody body) {
    auto event = shop_event(id(what), at, std::move(body));
    event.keys = std::move(keys);
    events_.push_back(std::move(event));
    return events_.back();
}

Instant Story::later(Instant at, Millis low, Millis high) {
    return on_grid(at + chance_.millis(low, high), options_);
}

IdentityKey Story::cart_token(int number) const {
    return {KeyKind::cart_token, "t" + std::to_string(index_) + "-" + std::to_string(number)};
}

IdentityKey Story::checkout_token(int number) const {
    return {KeyKind::checkout_token, "c" + std::to_string(index_) + "-" + std::to_string(number)};
}

std::string Story::id(std::string const& what) const { return what + "-" + std::to_string(index_); }

}  // namespace recoup::simulation
