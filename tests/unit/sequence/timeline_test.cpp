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
    facts.shop.timezone = "UTC";
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

std::string told(Sequence const& sequence, core::SendFacts const& facts, std::vector<std::string> const& clicked = {}) {
    std::string out;
    for (auto const& row : timeline(sequence, facts, {}, clicked)) {
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
    EXPECT_EQ(told(branching(), shopper(), {"mail"}), "mail:send text:condition ad:send");
}

TEST(Timeline, ValueBandsAreInTheCartsCurrency) {
    Sequence sequence;
    sequence.steps = {step("cheap", 1, Channel::email, {"cart.value < 50"}), step("dear", 4, Channel::email, {"cart.value >= 50"}),
                      step("exact", 8, Channel::email, {"cart.value = 49.99", "cart.items = 1", "person.orders = 0"})};
    EXPECT_EQ(told(sequence, shopper()), "cheap:send dear:condition exact:send");
}

TEST(Timeline, AnExitRuleEndsEverything) {
    auto sequence = branching();
    sequence.exit = {"mail.clicked"};
    EXPECT_EQ(told(sequence, shopper(), {"mail"}), "mail:send text:exit_rule");
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
    facts.person.last_seen_at = facts.enrollment.opened_at + hours{1};
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
