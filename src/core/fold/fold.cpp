#include "core/fold/fold.hpp"

#include "core/fold/browse.hpp"
#include "core/fold/merge.hpp"
#include "core/fold/subscriptions.hpp"
#include "core/mark/mark.hpp"

#include "recoup/base/digest.hpp"
#include "recoup/base/limits.hpp"

#include <algorithm>
#include <tuple>
#include <type_traits>

namespace recoup::core {
namespace {

template <class Body>
concept AboutPerson = std::is_same_v<Body, CartChanged> || std::is_same_v<Body, CartDeleted> ||
                      std::is_same_v<Body, OrderPlaced> || std::is_same_v<Body, OrderRefunded> ||
                      std::is_same_v<Body, PaymentChanged> || std::is_same_v<Body, CustomerChanged> ||
                      std::is_same_v<Body, ConsentChanged> || std::is_same_v<Body, DataRequested> ||
                      std::is_same_v<Body, BehaviourSeen> || std::is_same_v<Body, SubscriptionChanged>;

/// What a shopper does at the store, as far as the event itself tells.
template <class Body>
concept Visit = std::is_same_v<Body, BehaviourSeen> || std::is_same_v<Body, CartChanged>;

template <class Body>
concept MakesCart = std::is_same_v<Body, CartChanged> || std::is_same_v<Body, CartDeleted> ||
                    std::is_same_v<Body, OrderPlaced>;

constexpr std::string_view draft_order = "shopify_draft_order";

/// Nothing has happened later than it was heard of, whatever the sender's clock says.
Instant known_by(Event const& event, Instant at) { return event.received_at == never ? at : std::min(at, event.received_at); }

void offer_text(Versioned<std::string>& field, std::string const& value, Version const& version) {
    if (!value.empty()) field.offer(value, version);
}

template <class Subject, class Keys>
void offer_contact(Subject& subject, Keys const& keys, Version const& version) {
    for (auto const& key : keys) {
        if (key.kind == KeyKind::email) subject.email.offer(key.value, version);
        if (key.kind == KeyKind::phone) subject.phone.offer(key.value, version);
    }
}

/// What a cart's and a customer's events say alike.
template <class Body>
void offer_name_and_place(Person& person, Body const& body, Version const& version) {
    offer_text(person.first_name, body.first_name, version);
    offer_text(person.last_name, body.last_name, version);
    offer_text(person.locale, body.locale, version);
    offer_text(person.country, body.country, version);
    offer_text(person.region, body.region, version);
    offer_text(person.postal_code, body.postal_code, version);
}

PastOrder past_order(Order const& order) {
    auto const& placed = order.placed.value;
    PastOrder past{order.placed_at, placed.total.minor, placed.test, placed.renewal};
    for (auto const& line : placed.lines)
        if (!line.variant_id.empty()) past.pieces[line.variant_id] += line.quantity;
    return past;
}

/// A bank transfer or a bill that was not paid in time: the source calls the order so, and nobody paid it.
bool lapsed(OrderPlaced const& order) {
    return !order.paid && (order.financial_status == "expired" || order.financial_status == "voided");
}

/// Two events may tell of one attempt: the later wins, whichever came first.
void offer_attempt(PaymentAttempt& held, PaymentAttempt told) {
    auto const rank = [](PaymentAttempt const& attempt) { return std::tie(attempt.at, attempt.state, attempt.decline_code); };
    if (rank(held) < rank(told)) held = std::move(told);
}

}  // namespace

FoldResult Fold::apply(Event const& event) {
    FoldResult result;
    version_ = event.version();
    if (event.occurred_at <= world_.shop_erased_at) {
        result.erased = true;
        return result;
    }
    if (about_erased(event)) {
        // Wishes outlive the erasure, as hashes do, also when they come after it.
        if (auto const* wish = std::get_if<ConsentChanged>(&event.body); wish != nullptr) on(*wish, event, nullptr);
        for (auto const& consent : event.consents) on(consent, event, nullptr);
        result.erased = true;
        return result;
    }
    auto const& keys = event.keys;
    std::visit(
        [&](auto const& body) {
            using Body = std::decay_t<decltype(body)>;
            if constexpr (std::is_same_v<Body, PersonErased>) {
                erase_person(keys, event);
            } else if constexpr (AboutPerson<Body>) {
                if (keys.empty()) return;
                result.person_id = person_for(keys, event);
                result.cart_id = cart_for(keys, result.person_id, MakesCart<Body>);
                Person& person = world_.persons.at(result.person_id);
                touch(person, event, keys);
                if constexpr (Visit<Body>) person.visited_at = std::max(person.visited_at, event.occurred_at);
                Cart* const cart = result.cart_id.empty() ? nullptr : &world_.carts.at(result.cart_id);
                if constexpr (std::is_same_v<Body, CartChanged>) {
                    if (event.trusted && body.source_name == draft_order)
                        person.drafted_at = std::max(person.drafted_at, body.created_at == never ? event.occurred_at : body.created_at);
                    if (cart != nullptr) on(body, event, *cart, person, keys);
                } else if constexpr (std::is_same_v<Body, CartDeleted>) {
                    if (cart != nullptr) cart->deleted_at = std::max(cart->deleted_at, event.occurred_at);
                } else if constexpr (std::is_same_v<Body, OrderPlaced> || std::is_same_v<Body, PaymentChanged>) {
                    on(body, event, result);
                } else if constexpr (std::is_same_v<Body, OrderRefunded>) {
                    on(body, result);
                } else if constexpr (std::is_same_v<Body, CustomerChanged>) {
                    on(body, person);
                } else if constexpr (std::is_same_v<Body, SubscriptionChanged>) {
                    on(body, event, person);
                } else if constexpr (std::is_same_v<Body, BehaviourSeen>) {
                    on(body, event, person);
                    browse(body, event, result);
                } else if constexpr (std::is_same_v<Body, ConsentChanged>) {
                    on(body, event, &person);
                } else if constexpr (std::is_same_v<Body, DataRequested>) {
                    changes_.exports.emplace_back(body.request_id, result.person_id);
                }
            } else if constexpr (std::is_same_v<Body, ProductChanged> || std::is_same_v<Body, StockChanged> ||
                                 std::is_same_v<Body, CouponChanged>) {
                on(body);
            } else if constexpr (std::is_same_v<Body, MessageFeedback>) {
                changes_.feedback.emplace_back(event.occurred_at, body);
            } else if constexpr (std::is_same_v<Body, ShopUninstalled>) {
                world_.uninstalled_at = std::max(world_.uninstalled_at, event.occurred_at);
                changes_.uninstalled = true;
            } else if constexpr (std::is_same_v<Body, ShopErased>) {
                world_.shop_erased_at = std::max(world_.shop_erased_at, event.occurred_at);
                changes_.shop_erased = true;
            }
        },
        event.body);
    return result;
}

/// What every observation says about a person: seen then; consents said along the way; contacts from trusted sources.
void Fold::touch(Person& person, Event const& event, Keys const& keys) {
    person.first_seen_at = earlier(person.first_seen_at, event.occurred_at);
    person.last_seen_at = std::max(person.last_seen_at, event.occurred_at);
    if (!event.trusted) return;
    offer_contact(person, keys, version_);
    for (auto const& consent : event.consents) on(consent, event, &person);
}

void Fold::on(CartChanged const& body, Event const& event, Cart& cart, Person& person, Keys const& keys) {
    cart.stage = std::max(cart.stage, body.stage);
    cart.created_at = earlier(cart.created_at, earlier(body.created_at, event.occurred_at));
    cart.last_activity_at = std::max(cart.last_activity_at, event.occurred_at);
    if (body.has_content) {
        CartContent content;
        content.lines = body.lines;
        content.currency = body.currency;
        content.subtotal_minor = body.subtotal_minor;
        content.total_minor = body.total_minor;
        content.discount_codes = body.discount_codes;
        cart.content.offer(std::move(content), version_);
        ++cart.changes;
    }
    if (body.completed_at != never) cart.ordered_at = earlier(cart.ordered_at, known_by(event, body.completed_at));
    if (!event.trusted) return;  // a public key may enrich, never name an address or a link
    offer_contact(cart, keys, version_);
    offer_text(cart.recovery_url, body.recovery_url, version_);
    offer_text(cart.gateway, body.gateway, version_);
    offer_text(cart.country, body.country, version_);
    offer_text(cart.region, body.region, version_);
    offer_text(cart.postal_code, body.postal_code, version_);
    offer_text(cart.locale, body.locale, version_);
    offer_text(cart.source_name, body.source_name, version_);
    offer_text(cart.address_mark, body.address_mark, version_);
    offer_name_and_place(person, body, version_);
}

void Fold::on(OrderPlaced const& body, Event const& event, FoldResult const& at) {
    Order& order = world_.orders[body.order_id];
    order.id = body.order_id;
    order.person_id = at.person_id;
    if (!at.cart_id.empty()) order.cart_id = at.cart_id;
    order.keys.insert(event.keys.begin(), event.keys.end());
    order.placed.offer(body, version_);
    auto const placed_at = known_by(event, body.placed_at == never ? event.occurred_at : body.placed_at);
    order.placed_at = earlier(order.placed_at, placed_at);
    if (body.paid) order.paid_at = earlier(order.paid_at, event.occurred_at);
    order.cancelled_at = earlier(order.cancelled_at, body.cancelled_at);
    if (event.trusted) offer_contact(order, event.keys, version_);
    changes_.orders.insert(order.id);

    auto const& placed = order.placed.value;
    world_.persons.at(at.person_id).orders[order.id] = past_order(order);
    for (auto const& mark : {body.address_mark, link_mark(body.landing_site)})
        if (!mark.empty() && !placed.renewal) changes_.marks.emplace(mark, order.id);
    if (!at.cart_id.empty()) {
        Cart& cart = world_.carts.at(at.cart_id);
        if (cart.ordered_at == never || order.placed_at < cart.ordered_at) cart.ordered_at = order.placed_at;
        if (cart.order_id.empty() || order.id < cart.order_id) cart.order_id = order.id;
    }
    if (lapsed(body)) lapse(body, event, at);
    settle(order.id);
}

/// The payment that never came is a failed one, of the order's id.
void Fold::lapse(OrderPlaced const& body, Event const& event, FoldResult const& at) {
    Payment& payment = world_.payments[body.order_id];
    payment.id = body.order_id;
    payment.person_id = at.person_id;
    payment.amount.offer(body.total, version_);
    offer_attempt(payment.attempts["order"], {event.occurred_at, PaymentState::failed, "payment_expired"});
    changes_.payments.insert(payment.id);
}

void Fold::on(OrderRefunded const& body, FoldResult const& at) {
    Order& order = world_.orders[body.order_id];
    order.id = body.order_id;
    if (order.person_id.empty()) order.person_id = at.person_id;
    order.refunds[body.refund_id] = body.amount_minor;
    changes_.orders.insert(order.id);
}

void Fold::on(PaymentChanged const& body, Event const& event, FoldResult const& at) {
    Payment& payment = world_.payments[body.payment_id];
    payment.id = body.payment_id;
    payment.person_id = at.person_id;
    payment.kind = std::max(payment.kind, body.kind);
    payment.amount.offer(body.amount, version_);
    offer_text(payment.recovery_url, body.recovery_url, version_);
    payment.test = payment.test || body.test;
    if (event.trusted) offer_contact(payment, event.keys, version_);
    if (payment.attempts.size() < limits::failures_per_payment || payment.attempts.contains(body.attempt_id))
        offer_attempt(payment.attempts[body.attempt_id], {event.occurred_at, body.state, body.decline_code});
    if (body.state == PaymentState::paid) payment.paid_at = earlier(payment.paid_at, event.occurred_at);
    changes_.payments.insert(payment.id);
    settle(payment.id);
    if (body.kind == PaymentKind::recurring && body.state == PaymentState::paid)
        renew_subscription(world_.persons.at(at.person_id), body, event);
}

/// What the order of the same id says about the payment, whichever arrived first.
void Fold::settle(std::string const& payment_id) {
    auto const order = world_.orders.find(payment_id);
    auto const payment = world_.payments.find(payment_id);
    if (order == world_.orders.end() || payment == world_.payments.end()) return;
    auto settled = payment->second;
    settled.paid_at = earlier(settled.paid_at, order->second.paid_at);
    settled.void_at = earlier(settled.void_at, order->second.cancelled_at);
    settled.test = settled.test || order->second.placed.value.test;
    settled.email.merge(order->second.email);
    settled.phone.merge(order->second.phone);
    if (settled == payment->second) return;
    payment->second = std::move(settled);
    changes_.payments.insert(payment_id);
}

void Fold::on(CustomerChanged const& body, Person& person) {
    offer_name_and_place(person, body, version_);
    offer_text(person.timezone, body.timezone, version_);
}

void Fold::on(ConsentChanged const& body, Event const& event, Person* person) {
    if (!event.trusted || body.address.empty()) return;
    Consent consent;
    consent.channel = body.channel;
    consent.address = body.address;
    consent.state = body.state;
    consent.method = body.method;
    consent.version = version_;
    if (body.said_at != never) consent.version.at = std::min(body.said_at, consent.version.at);
    consent.age = body.age;
    auto const said_at = consent.version.at;
    if (body.state == ConsentState::granted && body.confirmed) consent.confirmed_at = said_at;
    if (body.state == ConsentState::denied || body.state == ConsentState::revoked) consent.withdrawn_at = said_at;
    if (person != nullptr) offer(person->consents, std::move(consent));
    // Only an act of the person at the store or by keyword ends a suppression; a checkout tick-box does not.
    bool const renewed = body.state == ConsentState::granted && body.method != "checkout";
    if (!body.suppress && !renewed) return;
    Suppression suppression;
    suppression.channel = body.channel;
    suppression.address_hash = address_hash(world_.shop_id, body.channel, body.address);
    suppression.cause = body.cause;
    suppression.since = said_at;
    suppression.lift = !body.suppress;
    changes_.suppressions.push_back(std::move(suppression));
}

void Fold::on(BehaviourSeen const& body, Event const& event, Person& person) {
    auto const [it, fresh] = person.sessions.try_emplace(body.session_id);
    if (fresh) ++person.sessions_seen;
    Session& session = it->second;
    session.first_at = earlier(session.first_at, event.occurred_at);
    session.last_at = std::max(session.last_at, event.occurred_at);
    switch (body.kind) {
        case BehaviourKind::page_viewed: ++session.page_views; break;
        case BehaviourKind::product_viewed:
            ++session.product_views;
            if (!body.product_id.empty() && session.products.size() < limits::cart_lines)
                session.products.insert(body.product_id);
            break;
        case BehaviourKind::cart_viewed: ++session.cart_views; break;
        case BehaviourKind::cart_changed: ++session.cart_changes; break;
        case BehaviourKind::checkout_viewed: ++session.checkout_views; break;
        case BehaviourKind::checkout_scrolled:
            ++session.checkout_scrolls;
            session.checkout_scroll_percent = std::max(session.checkout_scroll_percent, body.depth_percent);
            break;
        case BehaviourKind::payment_method_selected:
            if (session.payment_methods.size() < limits::payment_methods_per_session ||
                session.payment_methods.contains(body.payment_method))
                ++session.payment_methods[body.payment_method];
            break;
        case BehaviourKind::payment_error_shown: ++session.payment_errors; break;
        case BehaviourKind::tab_hidden: ++session.tab_hides; break;
        case BehaviourKind::tab_shown: session.tab_hidden_ms += body.duration_ms; break;
        case BehaviourKind::step_timed: session.checkout_ms += body.duration_ms; break;
        case BehaviourKind::identified: break;
    }
    bound_sessions(person);
}

/// A product view may be all there is of an intent. Only where the shop wants such intents: views are many.
void Fold::browse(BehaviourSeen const& body, Event const& event, FoldResult& at) {
    if (!world_.follows_browsing) return;
    auto const key = browse_key(event);
    if (!key) return;
    auto const [owner, fresh] = world_.cart_of.try_emplace(*key, stable_id("cart", {world_.shop_id, name(key->kind), key->value}));
    Cart& intent = world_.carts[owner->second];
    if (fresh) changes_.cart_keys.insert(*key);
    intent.id = owner->second;
    intent.person_id = at.person_id;
    intent.tokens.insert(*key);
    see_product(intent, body, event.occurred_at);
    changes_.carts.insert(intent.id);
    if (at.cart_id.empty()) at.cart_id = intent.id;
}

void Fold::on(SubscriptionChanged const& body, Event const& event, Person& person) {
    if (!event.trusted) return;
    if (change_subscription(person, body, event)) changes_.cancelled.insert(person.id);
}

void Fold::on(ProductChanged const& body) {
    for (auto const& variant : body.variants) {
        world_.variants[variant.variant_id].offer(variant, version_);
        changes_.variants.insert(variant.variant_id);
    }
}

void Fold::on(CouponChanged const& body) {
    auto const key = coupon_key(body.coupon.code);
    world_.coupons[key].offer(body.coupon, version_);
    changes_.coupons.insert(key);
}

void Fold::on(StockChanged const& body) {
    StockKey const key{body.inventory_item_id, body.location_id};
    world_.stock[key].offer(body.available, version_);
    changes_.stock.insert(key);
}

}  // namespace recoup::core
