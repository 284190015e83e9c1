#include "core/policy/decline.hpp"

#include <algorithm>
#include <array>

namespace recoup::core {
namespace {

constexpr std::array<std::string_view, 17> fixable{
    "expired_card",     "incorrect_cvc",     "invalid_cvc",       "incorrect_number",        "invalid_number",
    "incorrect_zip",    "incorrect_address", "invalid_account",   "card_not_supported",      "currency_not_supported",
    "invalid_expiry_date", "invalid_expiry_month", "invalid_expiry_year", "authentication_required", "incorrect_pin",
    "payment_method_unavailable", "payment_intent_authentication_failure"};
constexpr std::array<std::string_view, 2> funds{"insufficient_funds", "withdrawal_count_limit_exceeded"};
constexpr std::array<std::string_view, 5> later{"issuer_not_available", "processing_error", "try_again_later",
                                                "reenter_transaction", "approve_with_id"};
constexpr std::array<std::string_view, 7> never_reveal{"fraudulent",  "lost_card",          "stolen_card",       "pickup_card",
                                                       "pick_up_card", "merchant_blacklist", "security_violation"};

template <class List>
bool in(List const& list, std::string_view code) {
    return std::find(list.begin(), list.end(), code) != list.end();
}

}  // namespace

std::string_view name(DeclineClass cls) {
    switch (cls) {
        case DeclineClass::other_card: return "other_card";
        case DeclineClass::fixable: return "fixable";
        case DeclineClass::funds: return "funds";
        case DeclineClass::later: return "later";
        case DeclineClass::never_reveal: return "never_reveal";
        case DeclineClass::duplicate: return "duplicate";
    }
    return "other_card";
}

DeclineClass decline_class(std::string_view code) {
    if (in(fixable, code)) return DeclineClass::fixable;
    if (in(funds, code)) return DeclineClass::funds;
    if (in(later, code)) return DeclineClass::later;
    if (in(never_reveal, code)) return DeclineClass::never_reveal;
    if (code == "duplicate_transaction") return DeclineClass::duplicate;
    return DeclineClass::other_card;
}

bool may_follow_up(std::string_view code) { return decline_class(code) != DeclineClass::duplicate; }

std::string newest_decline(Payment const& payment) {
    PaymentAttempt const* newest = nullptr;
    for (auto const& [id, attempt] : payment.attempts) {
        bool const tells = attempt.state == PaymentState::failed && !attempt.decline_code.empty();
        if (tells && (newest == nullptr || attempt.at > newest->at)) newest = &attempt;
    }
    return newest == nullptr ? std::string{} : newest->decline_code;
}

}  // namespace recoup::core
