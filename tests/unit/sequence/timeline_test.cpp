#include "app/sequence_timeline.hpp"

#include <gtest/gtest.h>

namespace recoup::app {
namespace {

using std::chrono::hours;

SequenceStep step(std::string name, int after, Channel channel, std::vector<std::string> when = {}) {
    SequenceStep out;
    out.name = std::move(name);
    out.delay = hours{after};
    out.channel = channel;
    out.useful_for = hours{24};
    out.when = std::move(when);
    return out;
}

core::SendFacts shopper() {
    core::SendFacts facts;
    Version const version{*parse_rfc3339("2026-03-02T12:00:00Z"), 0, 1};
    facts.shop.own().timezone = "UTC";
    facts.person.id = "p";
    facts.person.email.offer("a@example.com", version);
    facts.person.phone.offer("+442071838750", version);
    facts.person.consents["email:a@example.com"].state = ConsentState::granted;
    facts.person.consents["sms:+442071838750"].state = ConsentState::granted;
    facts.enrollment.id = "e";
    facts.enrollment.cart_id = "c";
    facts.enrollment.anchor_at = version.at;
    facts.enrollment.opened_at = version.at + std::chrono::minutes{30};
    Cart cart;
    cart.id = "c";
    cart.last_activity_at = version.at;
    CartContent content;
    content.lines.resize(1);
    content.currency = "GBP";
    content.subtotal_minor = 4999;
    cart.content.offer(content, version);
    facts.cart = cart;
    return facts;
}

std::string told(Sequence const& sequence, core::SendFacts const& facts, Touched const& touched = {}) {
    std::string out;
    for (auto const& row : timeline(sequence, facts, {}, touched)) {
        auto const& name_of_step = sequence.steps[static_cast<std::size_t>(row.step)].name;
        out += (out.empty() ? "" : " ") + name_of_step + ":" +
               std::string(row.verdict.verdict == Verdict::send ? "send" : name(row.verdict.reason));
    }
    return out;
}

Sequence branching() {
    Sequence sequence;
    sequence.steps = {step("mail", 1, Channel::email), step("text", 4, Channel::sms, {"not mail.clicked"}),
                      step("ad", 6, Channel::email, {"mail.clicked"})};
    return sequence;
}

TEST(Timeline, ABranchIsTwoConditions) {
    EXPECT_EQ(told(branching(), shopper()), "mail:send text:send ad:condition");
    EXPECT_EQ(told(branching(), shopper(), {{}, {"mail"}, {}}), "mail:send text:condition ad:send");
}

TEST(Timeline, ValueBandsAreInTheCartsCurrency) {
    Sequence sequence;
    sequence.steps = {step("cheap", 1, Channel::email, {"cart.value < 50"}), step("dear", 4, Channel::email, {"cart.value >= 50"}),
                      step("exact", 8, Channel::email, {"cart.value = 49.99", "cart.items = 1", "person.orders = 0"})};
    EXPECT_EQ(told(sequence, shopper()), "cheap:send dear:condition exact:send");
}

TEST(Timeline, ARangeHoldsItsBeginningAndNotItsEnd) {
    Sequence sequence;
    sequence.steps = {step("below", 1, Channel::email, {"cart.value in ..49.99"}), step("from", 4, Channel::email, {"cart.value in 49.99..60"}),
                      step("above", 8, Channel::email, {"cart.value in 50.."}), step("pieces", 12, Channel::email, {"cart.items in 1..2"})};
    EXPECT_EQ(told(sequence, shopper()), "below:condition from:send above:condition pieces:send");
}

TEST(Timeline, OpenedButNotClickedGoesAnotherWay) {
    Sequence sequence;
    sequence.steps = {step("mail", 1, Channel::email), step("text", 4, Channel::sms, {"not mail.opened"}),
                      step("ad", 8, Channel::email, {"mail.opened", "not mail.clicked"})};
    EXPECT_EQ(told(sequence, shopper()), "mail:send text:send ad:condition");
    EXPECT_EQ(told(sequence, shopper(), {{"mail"}, {}, {}}), "mail:send text:condition ad:send");
    EXPECT_EQ(told(sequence, shopper(), {{}, {"mail"}, {}}), "mail:send text:condition ad:condition");   // who clicks has opened
}

TEST(Timeline, VisitedMeansSinceThatMessage) {
    Sequence sequence;
    sequence.steps = {step("mail", 1, Channel::email), step("more", 4, Channel::email, {"not mail.visited"}),
                      step("last", 8, Channel::email, {"mail.visited", "not more.visited"})};
    auto facts = shopper();
    facts.person.visited_at = facts.enrollment.opened_at;   // before the first message
    EXPECT_EQ(told(sequence, facts), "mail:send more:send last:condition");
    EXPECT_EQ(told(sequence, facts, {{}, {}, {"mail"}}), "mail:send more:condition last:send");
    facts.person.last_seen_at = facts.enrollment.opened_at + hours{2};   // the store's own doing is no visit
    EXPECT_EQ(told(sequence, facts), "mail:send more:send last:condition");
}

Sequence offering(Otherwise otherwise) {
    Sequence sequence;
    sequence.bands = {{"low", "", "20"}, {"mid", "20", "80"}};
    sequence.slots = {{"small", {{"mid", {10, "MID10"}}, {"low", {5, "LOW5"}}}}};
    sequence.steps = {step("offer", 1, Channel::email)};
    sequence.steps[0].slot = "small";
    sequence.steps[0].otherwise = otherwise;
    return sequence;
}

Incentive promised(Sequence const& sequence, core::SendFacts const& facts) {
    return timeline(sequence, facts, {}, {}).back().verdict.incentive;
}

TEST(Timeline, ASlotHoldsWhatIsForTheBandOfTheCart) {
    auto facts = shopper();
    EXPECT_EQ(promised(offering(Otherwise::skip), facts), (Incentive{10, "MID10"}));
    facts.cart->content.value.subtotal_minor = 1000;
    EXPECT_EQ(promised(offering(Otherwise::skip), facts), (Incentive{5, "LOW5"}));
    facts.cart->content.value.subtotal_minor = 8000;
    EXPECT_EQ(told(offering(Otherwise::skip), facts), "offer:no_incentive");
    EXPECT_EQ(promised(offering(Otherwise::send), facts), Incentive{});
    auto open_ended = offering(Otherwise::skip);
    open_ended.slots[0].fills.push_back({"", {3, "ANY3"}});
    EXPECT_EQ(promised(open_ended, facts), (Incentive{3, "ANY3"}));
}

TEST(Timeline, ABandIsAWord) {
    auto sequence = offering(Otherwise::skip);
    sequence.steps[0].slot.clear();
    sequence.steps[0].when = {"cart.band = mid"};
    EXPECT_EQ(told(sequence, shopper()), "offer:send");
    sequence.steps[0].when = {"cart.band = low"};
    EXPECT_EQ(told(sequence, shopper()), "offer:condition");
}

TEST(Timeline, ACouponThatIsKnownToBeOfNoUseIsNeverPromised) {
    auto const due = shopper().enrollment.anchor_at + hours{1};
    auto const with = [&](Coupon coupon) {
        auto facts = shopper();
        coupon.code = "Mid10";
        facts.coupons[coupon_key(coupon.code)] = coupon;
        auto const skipped = told(offering(Otherwise::skip), facts);
        EXPECT_EQ(promised(offering(Otherwise::send), facts).percent, skipped == "offer:send" ? 10 : 0);
        EXPECT_EQ(told(offering(Otherwise::send), facts), "offer:send");
        return skipped;
    };
    EXPECT_EQ(with({}), "offer:send");
    EXPECT_EQ(with({.active = false}), "offer:no_incentive");
    EXPECT_EQ(with({.ends_at = due}), "offer:no_incentive");
    EXPECT_EQ(with({.ends_at = due + Seconds{1}}), "offer:send");
    EXPECT_EQ(with({.starts_at = due + Seconds{1}}), "offer:no_incentive");
    EXPECT_EQ(with({.uses_left = 0}), "offer:no_incentive");
    EXPECT_EQ(with({.uses_left = 1}), "offer:send");
    EXPECT_EQ(with({.percent = 5}), "offer:no_incentive");   // promises more than the store gives
}

TEST(Timeline, AnExitRuleEndsEverything) {
    auto sequence = branching();
    sequence.exit = {"mail.clicked"};
    EXPECT_EQ(told(sequence, shopper(), {{}, {"mail"}, {}}), "mail:send text:exit_rule");
    EXPECT_EQ(told(sequence, shopper()), "mail:send text:send ad:condition");
}

TEST(Timeline, AStepWaitsForItsOwnHours) {
    Sequence sequence;
    sequence.steps = {step("mail", 1, Channel::email)};   // due at 13:00
    sequence.steps[0].window = "15:00-16:00";
    auto const rows = timeline(sequence, shopper(), {}, {});
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].verdict.reason, Reason::send_window);
    EXPECT_EQ(to_rfc3339(rows[1].at), "2026-03-02T15:00:00Z");
    sequence.steps[0].days = {"sun"};                     // not within a day
    EXPECT_EQ(told(sequence, shopper()), "mail:too_late");
}

TEST(Timeline, TheControlGroupLeavesByTheSameRules) {
    auto sequence = branching();
    sequence.exit = {"person.returned"};
    auto facts = shopper();
    facts.enrollment.arm = Arm::holdout;
    EXPECT_EQ(told(sequence, facts), "mail:holdout text:holdout ad:holdout");
    facts.person.visited_at = facts.enrollment.opened_at + hours{1};
    EXPECT_EQ(told(sequence, facts), "mail:exit_rule");
}

TEST(Timeline, ConditionsOnAPayment) {
    auto facts = shopper();
    facts.cart.reset();
    Payment payment;
    payment.amount.offer({2000, "GBP"}, {facts.enrollment.anchor_at, 0, 1});
    payment.attempts["1"] = {facts.enrollment.anchor_at, PaymentState::failed, "expired_card"};
    facts.payment = payment;
    Sequence sequence;
    sequence.steps = {step("card", 1, Channel::email, {"payment.class = fixable"}),
                      step("small", 4, Channel::email, {"payment.value <= 19.99"})};
    EXPECT_EQ(told(sequence, facts), "card:send small:condition");
}

}  // namespace
}  // namespace recoup::app
