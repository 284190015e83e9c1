#pragma once
// What the daemon says it did, as the admin API tells it, in the few values that the checks need.

#include "app/demo/daemon.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace recoup::demo {

struct SentMessage {
    std::string id, enrollment_id, channel, to, sequence, step, step_name, status;
    Instant sent_at{};               // never = not sent
    std::string subject, text, html; // only with include=content
};

struct EnrollmentSeen {
    std::string id, person_id, trigger, arm, reason;
};

struct Evidence {
    std::size_t carts = 0, orders = 0;
    std::size_t scored = 0;                      // carts whose risk was predicted for a decision
    std::vector<SentMessage> messages;
    std::vector<EnrollmentSeen> enrollments;
    std::map<std::string, std::string> emails;   // of people, by person id
    std::map<std::string, int> silences;         // decisions that kept silent, by reason
};

Result<Evidence> collect_evidence(Daemon const& daemon);
/// One shopper's messages with their content.
Result<std::vector<SentMessage>> messages_of(Daemon const& daemon, std::string const& email);

SentMessage message_from(nlohmann::json const& item);
EnrollmentSeen enrollment_from(nlohmann::json const& item);

}  // namespace recoup::demo
