#include "app/demo/evidence.hpp"

#include <set>

namespace recoup::demo {
namespace {

using Json = nlohmann::json;

std::string text(Json const& item, char const* key) {
    auto const found = item.find(key);
    if (found == item.end() || found->is_null()) return {};
    return found->is_string() ? found->get<std::string>() : found->dump();
}

Instant instant(Json const& item, char const* key) {
    auto const at = parse_rfc3339(text(item, key));
    return at ? *at : never;
}

bool keeps_silent(std::string const& verdict) { return verdict == "skip" || verdict == "end" || verdict == "hold"; }

}  // namespace

SentMessage message_from(Json const& item) {
    return {text(item, "id"),       text(item, "enrollment_id"), text(item, "channel"), text(item, "to"),
            text(item, "sequence"), text(item, "step"),          text(item, "step_name"), text(item, "status"),
            instant(item, "sent_at"), text(item, "subject"),     text(item, "text"),    text(item, "html")};
}

EnrollmentSeen enrollment_from(Json const& item) {
    return {text(item, "id"), text(item, "person_id"), text(item, "trigger"), text(item, "arm"), text(item, "reason")};
}

Result<std::vector<SentMessage>> messages_of(Daemon const& daemon, std::string const& email) {
    auto const items = daemon.list("messages", "include=content&email=" + percent_encode(email));
    if (!items) return items.error();
    std::vector<SentMessage> messages;
    for (auto const& item : *items) messages.push_back(message_from(item));
    return messages;
}

Result<Evidence> collect_evidence(Daemon const& daemon) {
    Evidence evidence;
    auto const carts = daemon.list("carts"), messages = daemon.list("messages"), orders = daemon.list("orders");
    auto const enrollments = daemon.list("enrollments"), decisions = daemon.list("decisions"), people = daemon.list("people");
    for (auto const* list : {&carts, &messages, &orders, &enrollments, &decisions, &people})
        if (!*list) return list->error();
    evidence.carts = carts->size();
    evidence.orders = orders->size();
    for (auto const& person : *people) evidence.emails[text(person, "id")] = text(person, "email");
    for (auto const& item : *messages) evidence.messages.push_back(message_from(item));
    for (auto const& item : *enrollments) evidence.enrollments.push_back(enrollment_from(item));
    std::set<std::string> scored;
    for (auto const& item : *decisions) {
        if (keeps_silent(text(item, "verdict"))) ++evidence.silences[text(item, "reason")];
        if (!text(item, "score").empty()) scored.insert(text(item, "cart_id"));
    }
    evidence.scored = scored.size();
    return evidence;
}

}  // namespace recoup::demo
