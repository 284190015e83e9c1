#include "adapter/channel/list.hpp"
#include "adapter/channel/smtp_session.hpp"
#include "adapter/channel/twilio.hpp"

#include <gtest/gtest.h>

namespace recoup::channel {
namespace {

HttpAnswer answered(int status, std::string body, HeaderList headers = {}) {
    HttpAnswer answer;
    answer.kind = HttpAnswer::Kind::answered;
    answer.status = status;
    answer.body = std::move(body);
    answer.headers = std::move(headers);
    return answer;
}
Outcome twilio_code(int code, int status = 400) {
    return twilio_outcome(answered(status, "{\"code\":" + std::to_string(code) + ",\"message\":\"+15551234567\"}"));
}

TEST(TwilioOutcome, ReadsTheCodesTwilioDocuments) {
    EXPECT_EQ(twilio_outcome(answered(201, R"({"sid":"SM1"})")).provider_id, "SM1");
    EXPECT_TRUE(twilio_code(21610).suppress);
    for (int const code : {21211, 21614, 21217, 21219, 21999}) {
        EXPECT_EQ(twilio_code(code).kind, OutcomeKind::rejected) << code;
        EXPECT_FALSE(twilio_code(code).suppress) << code;
        EXPECT_FALSE(twilio_code(code).operator_fault) << code;
    }
    for (int const code : {21408, 21606, 21612, 30034, 30032, 30002}) EXPECT_TRUE(twilio_code(code).operator_fault) << code;
    EXPECT_TRUE(twilio_code(20003, 401).operator_fault);
    for (int const status : {500, 502, 503, 408}) EXPECT_EQ(twilio_code(20500, status).kind, OutcomeKind::retry_later) << status;
}

TEST(TwilioOutcome, WaitsAsLongAsAsked) {
    auto const asked = [](std::string value) {
        return twilio_outcome(answered(429, R"({"code":20429})", {{"retry-after", std::move(value)}})).retry_after;
    };
    EXPECT_EQ(asked("7"), Seconds{7});
    EXPECT_EQ(asked("99999999"), Seconds{86400});
    for (auto const* odd : {"-1", "soon", "", "Fri, 20 Nov 2026 10:05:00 GMT"}) EXPECT_EQ(asked(odd), Millis{0}) << odd;
}

TEST(TwilioOutcome, TrustsNoBodyShape) {
    for (auto const* body : {"", "<html>", "[]", "null", "{\"code\":\"x\"}", "{\"code\":1e99}", "{\"sid\":5}"}) {
        EXPECT_EQ(twilio_outcome(answered(201, body)).kind, OutcomeKind::sent) << body;
        EXPECT_EQ(twilio_outcome(answered(400, body)).kind, OutcomeKind::rejected) << body;
        EXPECT_EQ(twilio_outcome(answered(503, body)).kind, OutcomeKind::retry_later) << body;
    }
    HttpAnswer lost;
    lost.kind = HttpAnswer::Kind::unanswered;
    EXPECT_EQ(twilio_outcome(lost).kind, OutcomeKind::unknown);
}

SmtpAttempt reply(int code, std::string enhanced, SmtpAttempt::Stage stage = SmtpAttempt::Stage::recipient) {
    SmtpAttempt attempt;
    attempt.failure = SmtpAttempt::Failure::connection;
    attempt.stage = stage;
    attempt.reply = code;
    attempt.enhanced = std::move(enhanced);
    return attempt;
}

TEST(SmtpOutcome, SuppressesOnlyDeadAddresses) {
    for (auto const* dead : {"5.1.1", "5.1.2", "5.1.10", "5.2.1"}) EXPECT_TRUE(smtp_outcome(reply(550, dead), "").suppress) << dead;
    for (auto const* alive : {"5.2.2", "5.7.1", "5.7.26", "5.3.4", "", "5.5.0"})
        EXPECT_FALSE(smtp_outcome(reply(550, alive), "").suppress) << alive;
    for (auto const* ours : {"5.7.1", "5.7.26", "5.1.8", "5.3.4"}) EXPECT_TRUE(smtp_outcome(reply(550, ours), "").operator_fault) << ours;
    EXPECT_FALSE(smtp_outcome(reply(550, ""), "").operator_fault);
}

TEST(SmtpOutcome, RefusalBeforeTheRecipientIsNotAboutTheRecipient) {
    auto const outcome = smtp_outcome(reply(554, "", SmtpAttempt::Stage::greeting), "");
    EXPECT_TRUE(outcome.operator_fault);
    EXPECT_FALSE(outcome.suppress);
}

TEST(SmtpOutcome, TellsLaterFromUnknown) {
    EXPECT_EQ(smtp_outcome(reply(421, "4.3.2"), "").kind, OutcomeKind::retry_later);
    EXPECT_EQ(smtp_outcome(SmtpAttempt{}, "").kind, OutcomeKind::retry_later);
    auto attempt = reply(354, "", SmtpAttempt::Stage::data);
    EXPECT_EQ(smtp_outcome(attempt, "").kind, OutcomeKind::retry_later);   // cut inside the data: nothing was taken
    attempt.handed_over = true;
    EXPECT_EQ(smtp_outcome(attempt, "").kind, OutcomeKind::unknown);
    attempt.reply = 451;
    EXPECT_EQ(smtp_outcome(attempt, "").kind, OutcomeKind::retry_later);
    attempt.ended_well = true;
    EXPECT_EQ(smtp_outcome(attempt, "<id@x>").provider_id, "<id@x>");
}

TEST(SmtpOutcome, LoginAndTlsAreTheOperators) {
    auto attempt = reply(535, "5.7.8", SmtpAttempt::Stage::greeting);
    attempt.failure = SmtpAttempt::Failure::authentication;
    EXPECT_TRUE(smtp_outcome(attempt, "").operator_fault);
    attempt.reply = 454;
    EXPECT_EQ(smtp_outcome(attempt, "").kind, OutcomeKind::retry_later);
    attempt.failure = SmtpAttempt::Failure::tls;
    EXPECT_TRUE(smtp_outcome(attempt, "").operator_fault);
}

}  // namespace
}  // namespace recoup::channel
