// Who and what is not won back: other sales channels, draft orders, tests, staff, crawlers, bursts of failed payments.

#include "core/policy/customer.hpp"

#include "app/embedded.hpp"
#include "unit/policy/scene.hpp"

namespace recoup::core::test {
namespace {

TEST(Customer, AnOrdinaryCartIsFollowed) { expect_followed(Scene()); }

TEST(Customer, CartsOfOtherSalesChannelsAreLeftAloneUntilTheyAreNamed) {
    for (auto const* channel : {"pos", "shopify_draft_order", "b2b", "amazon-us", "wholesale", "subscription_contract"}) {
        Scene scene;
        scene.cart.source_name.offer(channel, version);
        expect_left_alone(scene, Reason::other_channel);
        scene.policy.sources.emplace_back(channel);
        expect_followed(scene);
    }
    for (auto const* channel : {"web", "Web", "580111"}) {
        Scene scene;
        scene.cart.source_name.offer(channel, version);
        expect_followed(scene);
    }
    Scene everything;
    everything.cart.source_name.offer("pos", version);
    everything.policy.sources = {"*"};
    expect_followed(everything);
}

TEST(Customer, ADraftOrderOfTheStoreSilencesTheCartsBeforeIt) {
    Scene scene;
    scene.person.drafted_at = left_at + std::chrono::minutes{5};
    expect_left_alone(scene, Reason::other_channel);
    scene.person.drafted_at = left_at - std::chrono::minutes{5};
    expect_followed(scene);
}

AddressList shipped_list() {
    auto list = AddressList::parse(app::embedded_addresses().front().text);
    EXPECT_TRUE(list) << list.error().message;
    return *list;
}

TEST(Customer, CrawlersThrowAwayMailMachinesAndStaffAreNotFollowed) {
    auto list = shipped_list();
    ASSERT_TRUE(list.add("staff", "*@shop.example"));
    auto const shared = std::make_shared<AddressList const>(list);
    for (auto const* email : {"john.smith@storebotmail.joonix.net", "x@mailinator.com", "x@eu.mailinator.com", "noreply@firm.example",
                              "anna@shop.example"}) {
        Scene scene;
        scene.policy.not_customers = shared;
        expect_followed(scene);
        scene.cart.email.offer(email, version);
        scene.person.consents["email:" + std::string(email)].state = ConsentState::granted;
        expect_left_alone(scene, Reason::not_a_customer);
    }
}

TEST(Customer, StaffAreKnownByAnyOfTheirAddresses) {
    Scene scene;
    auto list = shipped_list();
    ASSERT_TRUE(list.add("staff", "*@shop.example"));
    scene.policy.not_customers = std::make_shared<AddressList const>(std::move(list));
    scene.cart.email.offer("jane@shopper.example", version);
    scene.person.keys.insert({KeyKind::email, "jane@shop.example"});
    expect_left_alone(scene, Reason::not_a_customer);
}

TEST(Customer, TheShippedListHoldsNobodyWhoBuys) {
    auto const list = shipped_list();
    for (auto const* email : {"jane@gmail.com", "info@smallfirm.example", "sales@smallfirm.example", "jane@joonixfans.example",
                              "mailinator@gmail.com", "jane@notmailinator.com", "jane.noreply@gmail.com"})
        EXPECT_FALSE(list.kind_of(email)) << email;
}

TEST(Customer, AListThatIsNoneNamesItsLine) {
    auto const list = AddressList::parse("# fine\ncrawler *@bots.example\ndisposable mail.example\n");
    ASSERT_FALSE(list);
    EXPECT_NE(list.error().message.find("line 3"), std::string::npos);
    for (auto const* pattern : {"*@*", "a*@b.example", "@", "a@b@c"}) EXPECT_FALSE(AddressList().add("role", pattern)) << pattern;
}

TEST(Customer, SomebodyWhoseOrdersAreAllTestsIsNotFollowed) {
    Scene scene;
    scene.order("1", -std::chrono::hours{50}).test = true;
    expect_left_alone(scene, Reason::not_a_customer);
    scene.order("2", -std::chrono::hours{40});
    expect_followed(scene);
}

TEST(Customer, ACartOfNothingOrOfGiftCardsAloneIsBelowTheFloor) {
    Scene free;
    free.fill({line("sample", 1, 0)});
    EXPECT_EQ(free.open().reason, Reason::below_floor);
    EXPECT_EQ(free.decide().reason, Reason::below_floor);

    Scene gifts;
    auto card = line("card", 2, 5000);
    card.gift_card = true;
    gifts.fill({card});
    EXPECT_EQ(gifts.open().reason, Reason::below_floor);
    gifts.fill({card, line("v1", 1, 1000)});
    expect_followed(gifts);
    gifts.policy.value_floor_minor = 1001;   // the card does not lift it over the floor
    EXPECT_EQ(gifts.open().reason, Reason::below_floor);
}

Payment failed() {
    Payment payment;
    payment.id = "o1";
    payment.person_id = "p";
    payment.amount.offer({5000, "USD"}, version);
    payment.attempts["a"] = {left_at, PaymentState::failed, "insufficient_funds"};
    return payment;
}

Reason opened_for(Scene const& scene, Payment const& payment) {
    Sequence sequence;
    sequence.trigger = Trigger::payment_failure;
    sequence.steps = {scene.step};
    return open_for_payment(scene.shop, payment, scene.person, std::nullopt, sequence, scene.policy, left_at).reason;
}

Reason decided_for(Scene const& scene, Payment const& payment, std::int64_t failures_around = 0) {
    auto facts = scene.sending();
    facts.cart.reset();
    facts.payment = payment;
    facts.failures_around = failures_around;
    return decide_step(facts, scene.policy).reason;
}

TEST(Customer, AFailedTestPaymentIsNotFollowedUp) {
    Scene const scene;
    auto payment = failed();
    EXPECT_EQ(opened_for(scene, payment), Reason::payment_failed);
    EXPECT_EQ(decided_for(scene, payment), Reason::ok);
    payment.test = true;
    EXPECT_EQ(opened_for(scene, payment), Reason::not_a_customer);
    EXPECT_EQ(decided_for(scene, payment), Reason::not_a_customer);
}

TEST(Customer, ABurstOfFailedPaymentsIsNotFollowedUpForThoseWhoNeverOrdered) {
    Scene scene;
    EXPECT_EQ(decided_for(scene, failed(), 19), Reason::ok);
    EXPECT_EQ(decided_for(scene, failed(), 20), Reason::card_testing);
    scene.order("1", -std::chrono::hours{50});
    EXPECT_EQ(decided_for(scene, failed(), 20), Reason::ok);
    scene.person.orders.clear();
    scene.policy.card_testing = 0;
    EXPECT_EQ(decided_for(scene, failed(), 20), Reason::ok);
}

TEST(Customer, APaymentWhoseOrderWasCancelledIsOver) {
    Scene const scene;
    auto payment = failed();
    payment.void_at = left_at + std::chrono::minutes{1};
    EXPECT_EQ(opened_for(scene, payment), Reason::order_cancelled);
    EXPECT_EQ(decided_for(scene, payment), Reason::order_cancelled);
    EXPECT_EQ(end_of({}, nullptr, &payment, scene.person, scene.shop, scene.policy), Reason::order_cancelled);
}

}  // namespace
}  // namespace recoup::core::test
