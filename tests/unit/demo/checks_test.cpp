#include "app/demo/checks.hpp"
#include "app/demo/player.hpp"
#include "app/demo/signed_call.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace recoup::demo {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

Instant const noon = parse_rfc3339("2026-03-02T15:00:00Z").value();

/// One shopper with email and phone and both consents, who ordered an hour after the start.
struct Story {
    Plan plan;
    Evidence evidence;

    Story() {
        plan.start = noon;
        plan.end = noon + hours{100};
        Shopper shopper;
        shopper.email = "shopper0@example.com";
        shopper.phone = "+15550000000";
        shopper.email_consent = shopper.sms_consent = true;
        shopper.basket = {{0, 1}};
        plan.shoppers.push_back(shopper);
        tell(Fact::cart_seen, minutes{5});
        evidence.carts = 1;
        evidence.enrollments.push_back({"e1", "p1", "cart", "treated", "idle"});
        evidence.emails["p1"] = shopper.email;
    }

    Action& tell(Fact fact, Millis after) {
        Action action;
        action.shopper = 0;
        action.occurred_at = action.deliver_at = noon + after;
        action.fact = fact;
        plan.actions.push_back(action);
        return plan.actions.back();
    }

    void order(Millis after) {
        tell(Fact::ordered, after);
        evidence.orders = 1;
    }

    void message(Millis after, std::string const& channel = "email", std::string const& enrollment = "e1") {
        SentMessage message;
        message.id = "m" + std::to_string(evidence.messages.size());
        message.enrollment_id = enrollment;
        message.channel = channel;
        message.to = channel == "sms" ? plan.shoppers[0].phone : plan.shoppers[0].email;
        message.sequence = "cart";
        message.step = std::to_string(evidence.messages.size());
        message.sent_at = noon + after;
        evidence.messages.push_back(message);
    }

    /// Promises broken, joined.
    std::string broken() const {
        std::string out;
        for (auto const& check : make_report(plan, 1, evidence).checks)
            if (check.broken != 0) out += check.promise + ";";
        return out;
    }
};

TEST(DemoChecks, HoldWhenMessagesStopAtTheOrder) {
    Story story;
    story.message(minutes{70});
    story.order(hours{2});
    EXPECT_EQ(story.broken(), "");
    auto const report = make_report(story.plan, 1, story.evidence);
    EXPECT_TRUE(report.kept());
    EXPECT_EQ(report.recovered, 1U);
    EXPECT_EQ(report.recovered_minor, 60000);
    EXPECT_EQ(report.treated_ordered, 1U);
}

TEST(DemoChecks, SeeAMessageAfterTheOrder) {
    Story story;
    story.order(hours{2});
    story.message(hours{3});
    EXPECT_NE(story.broken().find("after its order"), std::string::npos);
}

TEST(DemoChecks, CountTheOrderFromItsAcknowledgementNotFromItsPlacing) {
    Story story;
    story.order(minutes{61});          // acknowledged at the end of its bucket, 70 minutes in
    story.message(minutes{65});
    EXPECT_EQ(story.broken(), "");
}

TEST(DemoChecks, LetPaymentMessagesFollowAnUnpaidOrderUntilItIsPaid) {
    Story story;
    story.order(minutes{20});
    story.evidence.enrollments.push_back({"e2", "p1", "payment_failure", "treated", "payment_failed"});
    story.message(hours{1}, "email", "e2");
    EXPECT_EQ(story.broken(), "");
    story.tell(Fact::paid, hours{2});
    story.message(hours{3}, "email", "e2");
    EXPECT_NE(story.broken().find("order or payment"), std::string::npos);
}

TEST(DemoChecks, SeeMissingConsentByChannelAndRevocationInTime) {
    Story story;
    story.message(hours{1});
    story.message(hours{2}, "sms");
    EXPECT_EQ(story.broken(), "");
    story.tell(Fact::sms_revoked, minutes{90});
    EXPECT_NE(story.broken().find("without consent"), std::string::npos);
    Story other;
    other.plan.shoppers[0].email_consent = false;
    other.message(hours{1}, "sms");
    EXPECT_EQ(other.broken(), "");
    other.message(hours{2});
    EXPECT_NE(other.broken().find("without consent"), std::string::npos);
}

TEST(DemoChecks, SeeHoldoutEmptiedCartsStrangersAndDoubles) {
    Story held;
    held.evidence.enrollments[0].arm = "holdout";
    held.message(hours{1});
    EXPECT_NE(held.broken().find("holdout"), std::string::npos);
    Story emptied;
    emptied.tell(Fact::emptied, minutes{30});
    emptied.message(hours{1});
    EXPECT_NE(emptied.broken().find("emptied"), std::string::npos);
    Story stranger;
    stranger.message(hours{1});
    stranger.evidence.messages[0].to = "else@example.com";
    EXPECT_NE(stranger.broken().find("no shopper gave"), std::string::npos);
    Story twice;
    twice.message(hours{1});
    twice.message(hours{2});
    twice.evidence.messages[1].step = twice.evidence.messages[0].step;
    EXPECT_NE(twice.broken().find("at most one"), std::string::npos);
}

TEST(DemoChecks, SeeLostCartsAndOrders) {
    Story story;
    story.evidence.carts = 2;
    story.tell(Fact::ordered, hours{1});
    EXPECT_EQ(story.broken(), "every cart known once;every order known once;");
}

TEST(DemoLedger, CountsWhatOnlyHappensAfterAMessage) {
    Story story;
    story.tell(Fact::ordered, hours{5}).only_if_contacted = true;
    EXPECT_EQ(write_ledger(story.plan, story.evidence.messages)[0].ordered, never);
    story.message(hours{6});
    EXPECT_EQ(write_ledger(story.plan, story.evidence.messages)[0].ordered, never);
    story.message(hours{4}, "sms");
    EXPECT_EQ(write_ledger(story.plan, story.evidence.messages)[0].ordered, noon + hours{5});
}

TEST(DemoReport, PrintsBrokenPromises) {
    Story story;
    story.order(hours{2});
    story.message(hours{3});
    std::ostringstream out;
    print(make_report(story.plan, 1, story.evidence), out);
    EXPECT_NE(out.str().find("BROKEN  no message after its order"), std::string::npos);
    EXPECT_NE(out.str().find("ok      no message to the holdout"), std::string::npos);
}

TEST(DemoPlayer, FindsTheLinkPathInTextOrHtml) {
    SentMessage message;
    message.text = "Back: http://127.0.0.1:1/r/abc.def-1\nStop: http://127.0.0.1:1/u/xyz";
    EXPECT_EQ(link_path(message, "/r/"), "/r/abc.def-1");
    EXPECT_EQ(link_path(message, "/u/"), "/u/xyz");
    message.text.clear();
    message.html = "<a href=\"http://h/u/q\">stop</a>";
    EXPECT_EQ(link_path(message, "/u/"), "/u/q");
    EXPECT_EQ(link_path(message, "/r/"), "");
}

TEST(SignedCall, SignsLikeShopify) {
    Store store;
    store.shopify_secret = "shpss_test_secret";
    auto const call = shopify_call(store, "checkouts/update", "id-1",
                                   R"({"token":"123123123","cart_token":"eeafa272cebfd4b22385bc4b645e762c",)"
                                   R"("email":"bob@example.com","total_price":"421.88"})",
                                   noon);
    EXPECT_EQ(call.headers[2].second, "m7gbAKT8rTvXK2AcnBjbKXzMpkCmQ93elkzX3KM91OM=");
}

TEST(SignedCall, SignsStandardWebhooks) {
    Store store;
    store.events_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    auto const call = event_call(store, "msg_p5jXN8AQM9LWM0D4loKWxJek", R"({"test": 2432232314})",
                                 instant_from_seconds(1614265330));
    ASSERT_TRUE(call);
    EXPECT_EQ(call->headers.back().second, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    store.events_secret = "whsec_not base64";
    EXPECT_EQ(event_call(store, "id", "{}", noon).error().code, Errc::configuration);
}

}  // namespace
}  // namespace recoup::demo
