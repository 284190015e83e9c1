#include "app/demo/checks.hpp"

#include <algorithm>
#include <set>

namespace recoup::demo {
namespace {

/// One message beside all that is known about its shopper; the shopper is null when nobody has the address.
struct Case {
    SentMessage const& message;
    Shopper const* shopper = nullptr;
    Known const* known = nullptr;
    bool payment = false;
    EnrollmentSeen const* enrollment = nullptr;

    bool after(Instant fact) const { return fact != never && message.sent_at > fact; }
};

bool to_stranger(Case const& one) { return one.shopper == nullptr; }

bool after_purchase(Case const& one) {
    if (one.shopper == nullptr) return false;
    return one.after(one.payment ? one.known->paid : one.known->ordered);
}

bool without_consent(Case const& one) {
    if (one.shopper == nullptr) return false;
    if (one.message.channel == "sms") return !one.shopper->sms_consent || one.after(one.known->sms_revoked);
    return !one.shopper->email_consent || one.after(one.known->email_revoked);
}

bool after_emptying(Case const& one) { return one.shopper != nullptr && !one.payment && one.after(one.known->emptied); }

bool in_holdout(Case const& one) { return one.enrollment != nullptr && one.enrollment->arm == "holdout"; }

struct Rule {
    char const* promise;
    bool (*broken)(Case const&);
};
constexpr Rule rules[] = {
    {"no message after its order or payment was acknowledged", after_purchase},
    {"no message without consent or after an unsubscribe", without_consent},
    {"no message to the holdout", in_holdout},
    {"no message about a cart after it was emptied", after_emptying},
    {"no message to an address no shopper gave", to_stranger},
};

Check at_most_once(Evidence const& evidence) {
    Check check{"at most one message a step of an enrollment", 0, {}};
    std::set<std::pair<std::string_view, std::string_view>> seen;
    for (auto const& message : evidence.messages) {
        if (seen.emplace(message.enrollment_id, message.step).second) continue;
        if (check.broken++ == 0) check.example = message.id;
    }
    return check;
}

Check same_count(char const* promise, std::size_t told, std::size_t known) {
    Check check{promise, 0, {}};
    if (told == known) return check;
    check.broken = static_cast<int>(std::max(told, known) - std::min(told, known));
    check.example = std::to_string(told) + " told, " + std::to_string(known) + " known";
    return check;
}

std::size_t count_facts(std::span<Known const> ledger, Instant Known::*fact) {
    return static_cast<std::size_t>(
        std::count_if(ledger.begin(), ledger.end(), [fact](Known const& known) { return known.*fact != never; }));
}

}  // namespace

std::map<std::string_view, std::size_t> shoppers_by_address(Plan const& plan) {
    std::map<std::string_view, std::size_t> out;
    for (std::size_t i = 0; i < plan.shoppers.size(); ++i) {
        if (!plan.shoppers[i].email.empty()) out[plan.shoppers[i].email] = i;
        if (!plan.shoppers[i].phone.empty()) out[plan.shoppers[i].phone] = i;
    }
    return out;
}

std::map<std::string_view, EnrollmentSeen const*> by_id(std::span<EnrollmentSeen const> enrollments) {
    std::map<std::string_view, EnrollmentSeen const*> out;
    for (auto const& enrollment : enrollments) out[enrollment.id] = &enrollment;
    return out;
}

bool is_payment(SentMessage const& message, std::map<std::string_view, EnrollmentSeen const*> const& enrollments) {
    auto const found = enrollments.find(message.enrollment_id);
    return found != enrollments.end() && found->second->trigger == "payment_failure";
}

std::vector<Check> check_promises(Plan const& plan, std::span<Known const> ledger, Evidence const& evidence) {
    auto const shoppers = shoppers_by_address(plan);
    auto const enrollments = by_id(evidence.enrollments);
    std::vector<Check> checks;
    for (auto const& rule : rules) checks.push_back({rule.promise, 0, {}});
    for (auto const& message : evidence.messages) {
        if (message.sent_at == never) continue;
        Case one{message};
        one.payment = is_payment(message, enrollments);
        if (auto const found = shoppers.find(message.to); found != shoppers.end()) {
            one.shopper = &plan.shoppers[found->second];
            one.known = &ledger[found->second];
        }
        if (auto const found = enrollments.find(message.enrollment_id); found != enrollments.end())
            one.enrollment = found->second;
        for (std::size_t i = 0; i < std::size(rules); ++i)
            if (rules[i].broken(one) && checks[i].broken++ == 0) checks[i].example = message.id;
    }
    checks.push_back(at_most_once(evidence));
    checks.push_back(same_count("every cart known once", count_facts(ledger, &Known::cart_seen), evidence.carts));
    checks.push_back(same_count("every order known once", count_facts(ledger, &Known::ordered), evidence.orders));
    return checks;
}

}  // namespace recoup::demo
