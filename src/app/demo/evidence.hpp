#pragma once
// What the daemon says it did about this demo's shoppers, as the admin API tells it, in the few values that the checks
// need. The shop may know others: an earlier demo, a trigger.

#include "app/demo/daemon.hpp"
#include "app/demo/plan.hpp"

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
    std::map<std::string, std::string> emails;   // of the plan's people, by person id
    std::map<std::string, int> silences;         // decisions that kept silent, by reason
};

Result<Evidence> collect_evidence(Daemon const& daemon, Plan const& plan);
/// One shopper's messages with their content.
Result<std::vector<SentMessage>> messages_of(Daemon const& daemon, std::string const& email);

SentMessage message_from(nlohmann::json const& item);
EnrollmentSeen enrollment_from(nlohmann::json const& item);

}  // namespace recoup::demo
