#include "app/demo/evidence.hpp"

#include <algorithm>
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

/// Which of the shop's carts, people and orders are the plan's.
struct Own {
    std::set<std::string> values;                 // emails, phones and tokens of the plan
    std::set<std::string> carts, orders;          // the daemon's cart ids, the store's order ids
    std::map<std::string, std::string> people;    // email by person id

    Own(Plan const& plan, std::vector<Json> const& cart_items, std::vector<Json> const& person_items) {
        for (auto const& shopper : plan.shoppers) {
            for (auto const& value : {shopper.email, shopper.phone, shopper.cart_token, shopper.checkout_token})
                if (!value.empty()) values.insert(value);
            orders.insert(order_name(shopper));
        }
        for (auto const& cart : cart_items)
            if (any_own(cart.value("tokens", Json::array()))) carts.insert(text(cart, "id"));
        for (auto const& person : person_items)
            if (any_own(person.value("keys", Json::array()))) people[text(person, "id")] = text(person, "email");
    }

    bool any_own(Json const& keys) const {
        return std::any_of(keys.begin(), keys.end(), [this](Json const& key) { return values.contains(text(key, "value")); });
    }
    bool holds(Json const& item) const {
        return carts.contains(text(item, "cart_id")) || people.contains(text(item, "person_id"));
    }
};

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

Result<Evidence> collect_evidence(Daemon const& daemon, Plan const& plan) {
    Evidence evidence;
    auto const carts = daemon.list("carts"), messages = daemon.list("messages"), orders = daemon.list("orders");
    auto const enrollments = daemon.list("enrollments"), decisions = daemon.list("decisions"), people = daemon.list("people");
    for (auto const* list : {&carts, &messages, &orders, &enrollments, &decisions, &people})
        if (!*list) return list->error();
    Own const own{plan, *carts, *people};
    evidence.carts = own.carts.size();
    evidence.emails = own.people;
    for (auto const& item : *orders) evidence.orders += own.orders.contains(text(item, "id")) ? 1 : 0;
    for (auto const& item : *messages)
        if (own.holds(item) || own.values.contains(text(item, "to"))) evidence.messages.push_back(message_from(item));
    for (auto const& item : *enrollments)
        if (own.holds(item)) evidence.enrollments.push_back(enrollment_from(item));
    std::set<std::string> scored;
    for (auto const& item : *decisions) {
        if (!own.holds(item)) continue;
        if (keeps_silent(text(item, "verdict"))) ++evidence.silences[text(item, "reason")];
        if (!text(item, "score").empty()) scored.insert(text(item, "cart_id"));
    }
    evidence.scored = scored.size();
    return evidence;
}

}  // namespace recoup::demo
