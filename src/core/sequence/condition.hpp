#pragma once
// What a step's `when` and a sequence's `exit` may ask, one condition a text:
//
//   cart.value >= 50         in the cart's currency         cart.items > 1           pieces
//   cart.value in 50..200    from 50 to under 200           cart.band = mid          a band of the sequence
//   cart.stage = checkout    the furthest reached           cart.country = DE        ISO 3166-1
//   person.orders = 0        all that is known              person.country = DE
//   person.returned          seen at the store since the enrollment opened
//   payment.class = fixable  later, other_card, ...         payment.value < 200
//   reminder.sent            a message of that step left    reminder.clicked         by a human, or it restored the cart
//   reminder.opened          by a human (core/link/touch)   reminder.visited         the store, since that message
//
// Numbers take = != < <= > >= and a range "50..200" (up to but not including its end; either may be left out) after "in",
// words = and !=; "not" before a condition turns it round.

#include "recoup/base/result.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace recoup::core {

struct Condition {
    enum class Subject : unsigned char {
        cart_value, cart_items, cart_stage, cart_country, cart_band, person_orders, person_country, person_returned,
        payment_class, payment_value, step_sent, step_opened, step_clicked, step_visited,
    };
    enum class Comparison : unsigned char { is_true, equal, unequal, less, at_most, more, at_least, within };

    bool negated = false;
    Subject subject = Subject::cart_value;
    Comparison comparison = Comparison::is_true;
    std::string step;    // of step_sent and the like
    std::string value;   // as written; of `within` where it begins, empty = nowhere
    std::string below;   // of `within`: where it ends, empty = nowhere

    bool about_step() const { return !step.empty(); }
};

/// "50..200", "..50" or "200..": decimals from and below, with a beginning before its end. Errc::invalid otherwise.
Result<std::pair<std::string, std::string>> parse_range(std::string_view text);

/// Errc::invalid says what can be written instead.
Result<Condition> parse_condition(std::string_view text);

}  // namespace recoup::core
