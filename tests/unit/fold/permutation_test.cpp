// The fold ends equal for every order of arrival, with duplicates. Surrogate ids are compared away.
#include "core/codec/json_fields.hpp"
#include "core/fold/fold.hpp"

#include "recoup/base/limits.hpp"
#include "recoup/base/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>

namespace recoup::core {
namespace {

Instant at(int minutes) { return parse_rfc3339("2026-03-02T15:00:00Z").value() + std::chrono::minutes{minutes}; }

Event event(std::string id, int minutes, std::vector<IdentityKey> keys, EventBody body) {
    Event out;
    out.shop_id = "demo";
    out.source = "shopify";
    out.id = std::move(id);
    out.occurred_at = at(minutes);
    out.received_at = at(minutes);
    out.keys = std::move(keys);
    out.body = std::move(body);
    return out;
}

IdentityKey key(KeyKind kind, std::string value) { return {kind, std::move(value)}; }

CartChanged cart(int quantity, Stage stage) {
    CartChanged body;
    body.stage = stage;
    body.has_content = true;
    body.currency = "USD";
    body.subtotal_minor = 1000 * quantity;
    body.total_minor = 1000 * quantity;
    Line line;
    line.variant_id = "v1";
    line.quantity = quantity;
    line.price_minor = 1000;
    if (quantity > 0) body.lines.push_back(line);
    return body;
}

BehaviourSeen seen(BehaviourKind kind, std::string session) {
    BehaviourSeen body;
    body.kind = kind;
    body.session_id = std::move(session);
    body.duration_ms = 500;
    body.depth_percent = 40;
    body.payment_method = "card";
    return body;
}

/// Two sessions of one browser, more products than are kept, one of them seen twice.
void add_browsing(std::vector<Event>& events, IdentityKey const& visitor) {
    auto view = seen(BehaviourKind::product_viewed, "s1");
    for (int i = 0; i < 20; ++i) {
        view.product_id = "p" + std::to_string(i % 17);
        view.session_id = i % 5 == 0 ? "s2" : "s1";
        events.push_back(event("view-" + std::to_string(i), 100 + i, {visitor}, view));
        events.back().trusted = false;
    }
}

std::vector<Event> story() {
    auto const token = key(KeyKind::cart_token, "T1"), checkout = key(KeyKind::checkout_token, "C1");
    auto const email = key(KeyKind::email, "jane@example.com"), phone = key(KeyKind::phone, "+15551234567");
    auto const visitor = key(KeyKind::anonymous_id, "a1"), customer = key(KeyKind::customer_id, "77");
    std::vector<Event> events;
    events.push_back(event("1", 0, {token}, cart(1, Stage::cart)));
    events.push_back(event("2", 5, {token}, cart(2, Stage::cart)));
    events.push_back(event("3", 6, {token, checkout, email, phone}, cart(3, Stage::contact)));
    ConsentChanged tick;
    tick.address = "jane@example.com";
    tick.state = ConsentState::granted;
    tick.method = "checkout";
    events.back().consents.push_back(tick);
    events.push_back(event("4", 6, {checkout, email}, cart(2, Stage::payment)));  // same instant as 3
    events.push_back(event("5", 1, {visitor, token}, seen(BehaviourKind::checkout_scrolled, "s1")));
    events.back().trusted = false;
    events.push_back(event("6", 2, {visitor}, seen(BehaviourKind::payment_method_selected, "s1")));
    events.push_back(event("7", 8, {visitor}, seen(BehaviourKind::tab_shown, "s2")));
    OrderPlaced order;
    order.order_id = "1001";
    order.placed_at = at(20);
    order.total = {3000, "USD"};
    order.address_mark = "address_1";
    Line bought;
    bought.variant_id = "v1";
    order.lines.push_back(bought);
    events.push_back(event("8", 20, {key(KeyKind::order_id, "1001"), checkout, customer}, order));
    order.paid = true;
    order.lines.push_back(bought);   // one more piece in the newer version
    events.push_back(event("9", 22, {key(KeyKind::order_id, "1001"), checkout, customer}, order));
    PaymentChanged failure;
    failure.payment_id = "1001";
    failure.attempt_id = "t1";
    failure.amount = {3000, "USD"};
    events.push_back(event("10", 21, {key(KeyKind::order_id, "1001")}, failure));
    failure.decline_code = "expired_card";
    events.push_back(event("10b", 21, {key(KeyKind::order_id, "1001")}, failure));  // the same attempt, told by another event
    OrderRefunded refund{"1001", "r1", 1000};
    events.push_back(event("11", 90, {key(KeyKind::order_id, "1001")}, refund));
    ConsentChanged stop = tick;
    stop.state = ConsentState::revoked;
    stop.suppress = true;
    stop.cause = "unsubscribe";
    events.push_back(event("12", 6, {email}, stop));  // ties with the grant in 3: the revocation wins
    add_browsing(events, visitor);
    events.push_back(event("sub-1", 30, {email}, SubscriptionChanged{"sub", false, "Coffee", {}}));
    events.push_back(event("sub-2", 29, {customer}, SubscriptionChanged{"sub", true, {}, "https://shop.example/sub"}));
    failure.kind = PaymentKind::recurring;
    failure.state = PaymentState::paid;
    failure.payment_id = "inv_1";
    failure.subscription_id = "sub";
    events.push_back(event("sub-3", 31, {customer}, failure));
    events.push_back(event("coupon-1", 40, {}, CouponChanged{{"Back10", true, {}, at(50), 3, 10}}));
    events.push_back(event("coupon-2", 41, {}, CouponChanged{{"BACK10", false, {}, {}, {}, {}}}));
    return events;
}

/// Everything the world holds, without surrogate ids.
std::string essence(World const& world) {
    std::vector<std::string> parts;
    for (auto person : world.persons) {
        person.second.id.clear();
        parts.push_back("person " + to_json_text(person.second));
    }
    for (auto cart_entry : world.carts) {
        cart_entry.second.id.clear();
        cart_entry.second.person_id.clear();
        parts.push_back("cart " + to_json_text(cart_entry.second));
    }
    for (auto const& [id, order] : world.orders)
        parts.push_back("order " + id + " " + std::to_string(to_millis(order.placed_at)) + " " +
                        std::to_string(to_millis(order.paid_at)) + " " + std::to_string(order.refunded_minor()) + " " +
                        std::to_string(order.placed.value.total.minor) + (order.cart_id.empty() ? " -" : " cart"));
    for (auto payment : world.payments) {
        payment.second.person_id.clear();
        parts.push_back("payment " + to_json_text(payment.second));
    }
    for (auto const& [key_of, coupon] : world.coupons) parts.push_back("coupon " + key_of + " " + to_json_text(coupon));
    std::sort(parts.begin(), parts.end());
    return std::accumulate(parts.begin(), parts.end(), std::string{},
                           [](std::string sum, std::string const& part) { return std::move(sum) + part + "\n"; });
}

World folded(std::vector<Event> const& events) {
    World world;
    world.shop_id = "demo";
    world.follows_browsing = true;
    std::set<std::string> inbox;
    Fold fold(world);
    for (auto const& item : events)
        if (inbox.insert(item.id).second) fold.apply(item);
    return world;
}

Cart const& the_cart(World const& world) {
    return std::find_if(world.carts.begin(), world.carts.end(), [](auto const& entry) { return !entry.second.browsed(); })->second;
}

TEST(Fold, EndsEqualForEveryOrderOfArrival) {
    auto events = story();
    auto const want = essence(folded(events));
    SeededRandom random(7);
    for (int round = 0; round < 3000; ++round) {
        auto shuffled = events;
        shuffled.insert(shuffled.end(), events.begin(), events.end());  // every event twice
        for (std::size_t i = shuffled.size() - 1; i > 0; --i) std::swap(shuffled[i], shuffled[random.below(i + 1)]);
        ASSERT_EQ(essence(folded(shuffled)), want) << "round " << round;
    }
}

TEST(Fold, EndsEqualForAllPermutationsOfTheCoreStory) {
    auto const all = story();
    std::vector<Event> const events{all[1], all[2], all[3], all[4], all[7], all[9], all[11]};
    auto const want = essence(folded(events));
    std::vector<std::size_t> order(events.size());
    std::iota(order.begin(), order.end(), 0U);
    do {
        std::vector<Event> permuted;
        for (auto const i : order) permuted.push_back(events[i]);
        ASSERT_EQ(essence(folded(permuted)), want);
    } while (std::next_permutation(order.begin(), order.end()));
}

TEST(Fold, JoinsOnePersonFromEveryKey) {
    auto const world = folded(story());
    ASSERT_EQ(world.persons.size(), 1U);
    ASSERT_EQ(world.carts.size(), 3U);
    auto const& person = world.persons.begin()->second;
    EXPECT_EQ(person.keys.size(), 7U);
    EXPECT_EQ(person.sessions.size(), 2U);
    EXPECT_EQ(person.consents.at("email:jane@example.com").state, ConsentState::revoked);
    EXPECT_EQ(the_cart(world).ordered_at, at(20));
    EXPECT_FALSE(world.payments.at("1001").open());
}

TEST(Fold, WhatWasLookedAtInASessionIsAnIntentOfItsOwn) {
    auto const world = folded(story());
    std::vector<std::size_t> products;
    for (auto const& [id, intent] : world.carts) {
        if (!intent.browsed()) continue;
        products.push_back(intent.content.value.lines.size());
        EXPECT_EQ(intent.person_id, world.persons.begin()->first);
        EXPECT_FALSE(intent.email.known());
        EXPECT_EQ(intent.content.value.lines[0].product_id, products.back() == 4 ? "p15" : "p2");   // the newest first
        EXPECT_EQ(intent.content.value.lines[0].title, "");                                        // a browser names nothing
    }
    std::sort(products.begin(), products.end());
    EXPECT_EQ(products, (std::vector<std::size_t>{4, limits::products_viewed}));
    EXPECT_EQ(world.persons.begin()->second.visited_at, at(119));
}

TEST(Fold, BrowsingIsFollowedOnlyWhereItIsWanted) {
    World world;
    world.shop_id = "demo";
    Fold fold(world);
    for (auto const& item : story()) fold.apply(item);
    EXPECT_EQ(world.carts.size(), 1U);
}

TEST(Fold, ASessionThatManyBrowsersShareJoinsNobody) {
    auto view = seen(BehaviourKind::product_viewed, "1");
    view.product_id = "p";
    auto const world = folded({event("1", 0, {key(KeyKind::anonymous_id, "a")}, view), event("2", 0, {key(KeyKind::anonymous_id, "b")}, view)});
    EXPECT_EQ(world.persons.size(), 2U);
    EXPECT_EQ(world.carts.size(), 2U);
}

TEST(Fold, ALateCartNeverReopensAnOrder) {
    auto events = story();
    events.push_back(event("13", 400, {key(KeyKind::cart_token, "T1")}, cart(5, Stage::cart)));
    auto const world = folded(events);
    EXPECT_EQ(the_cart(world).ordered_at, at(20));
}

TEST(Fold, APixelCannotNameAnAddress) {
    auto forged = event("x", 1, {key(KeyKind::anonymous_id, "a9"), key(KeyKind::cart_token, "T9")}, cart(1, Stage::contact));
    forged.trusted = false;
    ConsentChanged tick;
    tick.address = "victim@example.com";
    tick.state = ConsentState::granted;
    forged.consents.push_back(tick);
    auto const world = folded({forged});
    auto const& person = world.persons.begin()->second;
    EXPECT_FALSE(person.email.known());
    EXPECT_TRUE(person.consents.empty());
    EXPECT_FALSE(world.carts.begin()->second.email.known());
}

TEST(Fold, ErasureWinsOverEverythingThatHappenedBefore) {
    auto events = story();
    auto const erase = event("e", 500, {key(KeyKind::email, "jane@example.com")}, PersonErased{});
    for (std::size_t place = 0; place <= events.size(); ++place) {
        auto arrived = events;
        arrived.insert(arrived.begin() + static_cast<std::ptrdiff_t>(place), erase);
        auto const world = folded(arrived);
        EXPECT_EQ(essence(world).find("jane@example.com"), std::string::npos) << place;
    }
    events.push_back(erase);
    events.push_back(event("n", 600, {key(KeyKind::email, "jane@example.com")}, CustomerChanged{}));
    EXPECT_TRUE(folded(events).carts.empty());     // what was browsed too
    EXPECT_EQ(folded(events).persons.size(), 1U);  // who comes back later is a new person
}

/// The state and what counts as erased, in every order in which the events can arrive.
void expect_same_in_every_order(std::vector<Event> events) {
    std::sort(events.begin(), events.end(), [](Event const& a, Event const& b) { return a.id < b.id; });
    auto const hashes = [](World const& world) {
        std::string text;
        for (auto const& [hash, when] : world.erased) text += hash + " " + to_rfc3339(when) + "\n";
        return text;
    };
    auto const want = folded(events);
    do {
        auto const world = folded(events);
        ASSERT_EQ(essence(world), essence(want));
        ASSERT_EQ(hashes(world), hashes(want));
    } while (std::next_permutation(events.begin(), events.end(), [](Event const& a, Event const& b) { return a.id < b.id; }));
}

TEST(Fold, ErasureReachesWhatIsJoinedToThePersonOnlyLater) {
    auto const token = key(KeyKind::cart_token, "T1"), checkout = key(KeyKind::checkout_token, "C1");
    auto const email = key(KeyKind::email, "jane@example.com"), visitor = key(KeyKind::anonymous_id, "a1");
    expect_same_in_every_order({event("1", 0, {token}, cart(1, Stage::cart)), event("2", 1, {visitor, token}, CustomerChanged{}),
                                event("3", 6, {token, checkout, email}, cart(3, Stage::contact)),
                                event("4", 9, {email}, PersonErased{})});
}

TEST(Fold, AnErasureHasItsOwnTimeWhateverElseIsInTheBatch) {
    auto const one = key(KeyKind::email, "one@example.com"), other = key(KeyKind::email, "other@example.com");
    auto const world = folded({event("1", 1, {one}, PersonErased{}), event("2", 50, {other}, PersonErased{}),
                               event("3", 20, {one}, CustomerChanged{})});
    EXPECT_EQ(world.erased.at(key_hash("demo", one)), at(1));
    EXPECT_EQ(world.persons.size(), 1U);   // who came back at 20 is not erased by what happened to another at 50
}

TEST(Fold, AWishNotToBeContactedCountsAlsoAfterTheErasure) {
    auto const email = key(KeyKind::email, "jane@example.com");
    ConsentChanged stop;
    stop.address = email.value;
    stop.state = ConsentState::revoked;
    stop.suppress = true;
    stop.cause = "unsubscribe";
    World world;
    world.shop_id = "demo";
    Fold fold(world);
    fold.apply(event("1", 9, {email}, PersonErased{}));
    EXPECT_TRUE(fold.apply(event("2", 5, {email}, stop)).erased);
    ASSERT_EQ(fold.changes().suppressions.size(), 1U);
    EXPECT_EQ(fold.changes().suppressions[0].since, at(5));
    EXPECT_TRUE(world.persons.empty());
}

OrderPlaced transfer(std::string status) {
    OrderPlaced order;
    order.order_id = "7";
    order.placed_at = at(0);
    order.total = {4200, "EUR"};
    order.financial_status = std::move(status);
    order.paid = order.financial_status == "paid";
    return order;
}

TEST(Fold, AnOrderThatWaitsForItsMoneyIsNoAbandonmentAndAFailedPaymentWhenItLapses) {
    auto const id = key(KeyKind::order_id, "7"), token = key(KeyKind::checkout_token, "C7"), email = key(KeyKind::email, "jane@example.com");
    auto const placed = event("1", 1, {id, token, email}, transfer("pending"));
    auto const lapsed = event("2", 90, {id, token, email}, transfer("expired"));
    auto const checkout = event("0", 0, {token, email}, cart(1, Stage::payment));
    auto world = folded({checkout, placed});
    EXPECT_NE(world.carts.begin()->second.ordered_at, never);
    EXPECT_TRUE(world.payments.empty());

    world = folded({checkout, placed, lapsed});
    ASSERT_TRUE(world.payments.contains("7"));
    auto const& payment = world.payments.at("7");
    EXPECT_TRUE(payment.open());
    EXPECT_EQ(payment.failed_at(), at(90));
    EXPECT_EQ(payment.amount.value.minor, 4200);
    EXPECT_EQ(payment.email.value, "jane@example.com");

    auto const paid = event("3", 95, {id, token, email}, transfer("paid"));
    EXPECT_FALSE(folded({placed, lapsed, paid}).payments.at("7").open());
    expect_same_in_every_order({checkout, placed, lapsed, paid});
}

TEST(Fold, ACancelledOrderLeavesNothingToPay) {
    auto const id = key(KeyKind::order_id, "7");
    PaymentChanged failure;
    failure.payment_id = "7";
    failure.attempt_id = "t1";
    auto cancelled = transfer("voided");
    cancelled.cancelled_at = at(60);
    std::vector<Event> const events{event("1", 1, {id}, transfer("pending")), event("2", 5, {id}, failure), event("3", 60, {id}, cancelled)};
    EXPECT_FALSE(folded(events).payments.at("7").open());
    expect_same_in_every_order(events);
}

TEST(Fold, ARenewalMakesNoMarkAndADraftOrderIsRemembered) {
    auto const id = key(KeyKind::order_id, "7"), email = key(KeyKind::email, "jane@example.com");
    auto order = transfer("paid");
    order.address_mark = "address_1";
    order.landing_site = "/?recoup=msg_abc";
    auto const marks = [&](OrderPlaced const& body) {
        World world;
        world.shop_id = "demo";
        Fold fold(world);
        fold.apply(event("1", 1, {id, email}, body));
        return fold.changes().marks.size();
    };
    EXPECT_EQ(marks(order), 2U);
    order.renewal = true;
    EXPECT_EQ(marks(order), 0U);

    CartChanged draft;
    draft.source_name = "shopify_draft_order";
    draft.created_at = at(3);
    auto const world = folded({event("1", 50, {email}, draft)});
    EXPECT_EQ(world.persons.begin()->second.drafted_at, at(3));
    EXPECT_TRUE(world.carts.empty());
    auto forged = event("2", 50, {email}, draft);
    forged.trusted = false;
    EXPECT_EQ(folded({forged}).persons.begin()->second.drafted_at, never);
}

TEST(Fold, ACancelledOrderKeepsItsCartClosed) {
    auto const token = key(KeyKind::checkout_token, "C1");
    OrderPlaced order;
    order.order_id = "1";
    order.placed_at = at(9);
    auto cancelled = order;
    cancelled.cancelled_at = at(30);
    auto const world = folded({event("1", 0, {token}, cart(1, Stage::contact)), event("2", 9, {token}, order), event("3", 30, {token}, cancelled),
                               event("4", 40, {token}, cart(2, Stage::contact))});
    EXPECT_EQ(world.carts.begin()->second.ordered_at, at(9));
}

TEST(Fold, ASecondSubscriptionsCopyOfADeliveryChangesNothing) {
    auto const token = key(KeyKind::checkout_token, "C1"), id = key(KeyKind::order_id, "1");
    OrderPlaced order;
    order.order_id = "1";
    order.placed_at = at(9);
    order.total = {3000, "USD"};
    std::vector<Event> once{event("w1", 0, {token}, cart(1, Stage::contact)), event("w2", 9, {token, id}, order),
                            event("w3", 20, {id}, OrderRefunded{"1", "r1", 500})};
    auto twice = once;
    for (auto copy : once) {
        copy.id += "-of-the-other-subscription";
        if (!std::holds_alternative<CartChanged>(copy.body)) twice.push_back(copy);
    }
    EXPECT_EQ(essence(folded(twice)), essence(folded(once)));
}

TEST(Fold, NothingHappenedLaterThanItWasHeardOf) {
    auto const token = key(KeyKind::checkout_token, "C1");
    OrderPlaced order;
    order.order_id = "1";
    order.placed_at = at(90'000);   // a clock that is weeks ahead
    auto done = cart(1, Stage::payment);
    done.completed_at = at(90'000);
    auto const world = folded({event("1", 0, {token}, done), event("2", 9, {token}, order)});
    EXPECT_EQ(world.orders.at("1").placed_at, at(9));
    EXPECT_EQ(world.carts.begin()->second.ordered_at, at(0));
    EXPECT_EQ(world.persons.begin()->second.orders.at("1").placed_at, at(9));
}

TEST(Fold, AnOrderFollowsItsCartIntoAnother) {
    auto const token = key(KeyKind::cart_token, "T1"), checkout = key(KeyKind::checkout_token, "C1");
    OrderPlaced order;
    order.order_id = "1";
    order.placed_at = at(9);
    auto const world = folded({event("1", 0, {token}, cart(1, Stage::cart)), event("2", 9, {checkout}, order),
                               event("3", 6, {token, checkout}, cart(3, Stage::contact))});
    ASSERT_EQ(world.carts.size(), 1U);
    EXPECT_EQ(world.orders.at("1").cart_id, world.carts.begin()->first);
}

}  // namespace
}  // namespace recoup::core
