#include "adapter/channel/smtp_session.hpp"

namespace recoup::channel {
namespace {

/// No such mailbox or domain, or a disabled one: writing again can never arrive and hurts the sender's name.
bool dead_address(std::string_view enhanced) {
    return enhanced == "5.1.1" || enhanced == "5.1.2" || enhanced == "5.1.10" || enhanced == "5.2.1";
}

/// Policy (5.7), the sender's address (5.1.7, 5.1.8) or size: about us, not about the recipient.
bool our_fault(std::string_view enhanced) {
    return enhanced.starts_with("5.7.") || enhanced == "5.1.7" || enhanced == "5.1.8" || enhanced == "5.3.4";
}

std::string code_of(SmtpAttempt const& attempt) {
    auto code = std::to_string(attempt.reply);
    if (!attempt.enhanced.empty()) code += " " + attempt.enhanced;
    return code;
}

Outcome permanent(SmtpAttempt const& attempt) {
    auto code = code_of(attempt);
    if (our_fault(attempt.enhanced)) return Outcome::misconfigured(std::move(code));
    if (dead_address(attempt.enhanced)) return Outcome::rejected(std::move(code), true);
    bool const about_recipient =
        attempt.stage == SmtpAttempt::Stage::recipient || attempt.stage == SmtpAttempt::Stage::data;
    return about_recipient ? Outcome::rejected(std::move(code)) : Outcome::misconfigured(std::move(code));
}

}  // namespace

Outcome smtp_outcome(SmtpAttempt const& attempt, std::string const& message_id) {
    if (attempt.ended_well) return Outcome::sent(message_id);
    if (attempt.handed_over && attempt.reply == 354) return Outcome::unknown("no reply after data");
    if (attempt.failure == SmtpAttempt::Failure::tls) return Outcome::misconfigured("tls");
    bool const refused = attempt.reply >= 500 && attempt.reply < 600;
    if (attempt.failure == SmtpAttempt::Failure::authentication && (refused || attempt.reply < 400))
        return Outcome::misconfigured(attempt.reply == 0 ? "authentication" : code_of(attempt));
    if (refused) return permanent(attempt);
    if (attempt.reply >= 400) return Outcome::retry(code_of(attempt));
    return Outcome::retry("not connected");
}

}  // namespace recoup::channel
